-- Leaves the line. KEYS and the id ARGV[1] as in reserve.lua.
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
return 1
