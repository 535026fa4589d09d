-- Saves the position ARGV[2] under KEYS[1] for ARGV[4] milliseconds and renews the lease
-- KEYS[2] for ARGV[3], if it still holds ARGV[1].
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[4])
return 1
