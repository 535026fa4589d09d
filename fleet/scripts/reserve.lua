-- Takes the next turn of a leaky bucket. KEYS[1] is a hash: full, when the bucket will
-- be empty again, and pause, until when nobody may send, both in microseconds of this
-- server's clock. ARGV: microseconds per request; requests at once; how long the caller
-- can wait, -1 for any time; and how many requests beyond those at once others may have
-- sent while this server was away, -1 if it was not. Returns what came of it and the
-- microseconds to wait.
local interval, burst, patience, unseen = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local kept = redis.call('HMGET', KEYS[1], 'full', 'pause')
local pause = tonumber(kept[2] or 0) or 0
local empty = tonumber(kept[1] or '')

local function keep()
  redis.call('HSET', KEYS[1], 'full', string.format('%.0f', empty))
  redis.call('PEXPIRE', KEYS[1], math.ceil((math.max(empty, pause) - now) / 1000) + 86400000)
end

if not empty then
  empty = now + burst * interval -- nothing is known: count it as used up
end
if unseen >= 0 then
  empty = math.max(empty, now + (burst + unseen) * interval)
  keep()
end
if pause > now then
  if patience >= 0 and pause - now > patience then
    return {'late', pause - now}
  end
  return {'paused', pause - now}
end
empty = math.max(empty, now) + interval
local start = math.max(now, empty - burst * interval)
if patience >= 0 and start - now > patience then
  return {'late', start - now}
end
keep()
return {'turn', start - now}
