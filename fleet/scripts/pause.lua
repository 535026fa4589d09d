-- Holds everybody back for ARGV[2] microseconds. The server has refused a request, so
-- the bucket counts as full until then. KEYS[1] and ARGV[1] as in reserve.lua.
local interval, burst = string.match(ARGV[1], '(%d+) (%d+)')
interval, burst = tonumber(interval), tonumber(burst)
local left = tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local full = tonumber(redis.call('HGET', KEYS[1], 'full') or '') or 0
local back = (tonumber(redis.call('HGET', KEYS[1], 'at') or '') or now) - now
full = math.max(full - math.max(back, 0), now + left + (burst - 1) * interval)
redis.call('HSET', KEYS[1], 'full', string.format('%.0f', full), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((full - now) / 1000) + 86400000)
return 1
