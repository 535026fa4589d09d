-- Takes the next turn of a leaky bucket, or a place in the line for it. KEYS: a hash with
-- full, when the bucket will be empty again, in microseconds of this server's clock, at, when
-- that was written, run, by which run of the server, and next, the number of the place to give
-- out next; the line, ids by their place; and until when each of them counts as alive. ARGV:
-- microseconds per request and requests at once, as "250000 36"; how long the caller can wait,
-- -1 for any time; how many requests beyond those at once others may have sent while this
-- server was away, -1 if it was not; and the caller's id. These are ten words with the call itself: of more, Redis says nothing useful
-- to a client without its password.
-- Returns what came of it, and in how many microseconds to ask again.
local interval, burst = string.match(ARGV[1], '(%d+) (%d+)')
interval, burst = tonumber(interval), tonumber(burst)
local patience, unseen, id = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local beat, grace = 1000000, 2000000 -- who waits asks once a second
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

local info = redis.pcall('INFO', 'server') -- which an ACL may forbid
local run = type(info) == 'string' and string.match(info, 'run_id:(%x%x%x%x%x%x%x%x)') or ''

local function keep(full)
  redis.call('HSET', KEYS[1], 'full', string.format('%.0f', full), 'at', string.format('%.0f', now), 'run', run)
  redis.call('PEXPIRE', KEYS[1], math.ceil((full - now) / 1000) + 86400000)
end

local dead = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, 100)
if #dead > 0 then
  redis.call('ZREM', KEYS[2], unpack(dead))
  redis.call('ZREM', KEYS[3], unpack(dead))
end

local full = tonumber(redis.call('HGET', KEYS[1], 'full') or '')
local back = (tonumber(redis.call('HGET', KEYS[1], 'at') or '') or now) - now
if full and back > 0 then -- another server's clock, or a corrected one: no time has passed
  full = full - back
  keep(full)
  redis.call('DEL', KEYS[2], KEYS[3]) -- who still waits asks again and gets a place
end
if not full then
  full = now + burst * interval -- nothing is known: count it as used up
  keep(full)
end
if (redis.call('HGET', KEYS[1], 'run') or run) ~= run then
  unseen = math.max(unseen, 0) -- after a restart from an old snapshot, or at a replica that took over
end
if unseen >= 0 then
  full = math.max(full, now + (burst + unseen) * interval)
  keep(full)
end

local ahead = redis.call('ZRANK', KEYS[2], id)
local waits = ahead
if not waits then
  ahead = redis.call('ZCARD', KEYS[2])
end
full = math.max(full, now)
local start = full + (ahead + 1 - burst) * interval
if start <= now or (patience >= 0 and start - now > patience) then
  if waits then
    redis.call('ZREM', KEYS[2], id)
    redis.call('ZREM', KEYS[3], id)
  end
  if start > now then
    return {'late', start - now}
  end
  keep(full + interval)
  return {'turn', 0}
end
local wait = math.min(start - now, beat)
if not waits then
  redis.call('ZADD', KEYS[2], redis.call('HINCRBY', KEYS[1], 'next', 1), id)
end
redis.call('ZADD', KEYS[3], now + wait + grace, id)
redis.call('PEXPIRE', KEYS[2], 60000)
redis.call('PEXPIRE', KEYS[3], 60000)
return {'wait', wait}
