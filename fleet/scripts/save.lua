-- Saves ARGV[2] under KEYS[1], or removes it if that is empty, if the lock KEYS[2] still
-- holds ARGV[1].
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('PERSIST', KEYS[1]) -- full memory stops only a script that has written nothing yet
  redis.call('SET', KEYS[1], ARGV[2])
end
return 1
