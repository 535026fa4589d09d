-- Returns for how many microseconds nobody may send. KEYS[1] as in reserve.lua.
local clock = redis.call('TIME')
local pause = tonumber(redis.call('HGET', KEYS[1], 'pause') or 0) or 0
return math.max(0, pause - (clock[1] * 1000000 + clock[2]))
