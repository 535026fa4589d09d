-- Gives back a turn that was not used. KEYS[1] and ARGV[1] as in reserve.lua.
local empty = tonumber(redis.call('HGET', KEYS[1], 'full'))
if empty then
  redis.call('HSET', KEYS[1], 'full', string.format('%.0f', empty - tonumber(ARGV[1])))
end
return 1
