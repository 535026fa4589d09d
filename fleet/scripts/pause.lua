-- Holds everybody back for ARGV[3] microseconds. The server has refused a request, so
-- the bucket counts as full until then. KEYS[1], ARGV[1] and ARGV[2] as in reserve.lua.
local interval, burst, left = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local kept = redis.call('HMGET', KEYS[1], 'full', 'pause')
local pause = math.max(tonumber(kept[2] or 0) or 0, now + left)
local empty = math.max(tonumber(kept[1] or 0) or 0, pause + (burst - 1) * interval)
redis.call('HSET', KEYS[1], 'full', string.format('%.0f', empty), 'pause', string.format('%.0f', pause))
redis.call('PEXPIRE', KEYS[1], math.ceil((empty - now) / 1000) + 86400000)
return 1
