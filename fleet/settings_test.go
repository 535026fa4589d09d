package fleet_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/fleet"
)

// everything does one thing with each part of the package, and returns the errors.
func everything(t *testing.T, client redis.UniversalClient) map[string]error {
	t.Helper()
	positions, err := fleet.NewPositions(client)
	require.NoError(t, err)
	_, taken := positions.Take(within(t), "walk", time.Minute)
	_, claimed := seen(t, client).Claim(within(t), "id", time.Minute)
	return map[string]error{
		"Limiter.Wait":      limiter(t, client, fleet.SHOPLINE, fleet.LimiterOptions{}).Wait(within(t)),
		"TokenStore.Update": tokens(t, client, keys).Update(within(t), "k", saving(secret)),
		"Seen.Claim":        claimed,
		"Positions.Take":    taken,
	}
}

// at returns a client of s with other options.
func (s *server) at(t *testing.T, change func(*redis.Options)) *redis.Client {
	t.Helper()
	options := s.client(t).Options()
	o := &redis.Options{Network: options.Network, Addr: options.Addr, MaxRetries: -1, ContextTimeoutEnabled: true, DialerRetries: 1}
	change(o)
	client := redis.NewClient(o)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func TestWhatRedisRefusesNamesTheOption(t *testing.T) {
	t.Parallel()
	certificate, _ := selfSigned(t, "redis.example")
	for name, c := range map[string]struct {
		server []string
		client func(*redis.Options)
		want   string
	}{
		"no password":       {[]string{"--requirepass", "right-one"}, func(*redis.Options) {}, "set redis.Options.Password"},
		"wrong password":    {[]string{"--requirepass", "right-one"}, func(o *redis.Options) { o.Password = "wrong-one" }, "redis.Options.Username or Password is wrong"},
		"no right":          {[]string{"--user", "app", "on", ">wrong-one", "+@all", "~other:*"}, func(o *redis.Options) { o.Username, o.Password = "app", "wrong-one" }, "redis.Options.Username may not do that"},
		"no right to write": {[]string{"--user", "app", "on", ">wrong-one", "+@all", "-@write", "~*"}, func(o *redis.Options) { o.Username, o.Password = "app", "wrong-one" }, "redis.Options.Username may not do that"},
		"no such database":  {nil, func(o *redis.Options) { o.DB = 99 }, "redis.Options.DB"},
		"a replica":         {[]string{"--replicaof", "127.0.0.1", "1"}, func(*redis.Options) {}, "redis.Options.Addr leads to a replica"},
		"memory is full":    {[]string{"--maxmemory", "1"}, func(*redis.Options) {}, "raise the server's maxmemory"},
		"no server":         {nil, func(o *redis.Options) { o.Addr += ".none" }, "is redis.Options.Addr right"},
		"commands renamed":  {[]string{"--rename-command", "EVALSHA", "", "--rename-command", "SET", ""}, func(*redis.Options) {}, "the server must know"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := startRedis(t, c.server...).at(t, c.client)

			for call, err := range everything(t, client) {
				if assert.ErrorContains(t, err, c.want, call) {
					assert.NotContains(t, err.Error(), "-one", call)
				}
			}
		})
	}
	for name, c := range map[string]struct {
		config *tls.Config
		want   string
	}{
		"certificate of nobody known": {&tls.Config{ServerName: "redis.example"}, "redis.Options.TLSConfig does not trust the server's certificate"},
		"of another name":             {&tls.Config{ServerName: "other.example", RootCAs: pool(certificate)}, "redis.Options.TLSConfig does not trust the server's certificate"},
		"no TLS where it is spoken":   {nil, "redis.Options.TLSConfig"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startRedis(t)
			addr := s.behindTLS(t)

			client := s.at(t, func(o *redis.Options) { o.Network, o.Addr, o.TLSConfig = "tcp", addr, c.config })

			for call, err := range everything(t, client) {
				assert.ErrorContains(t, err, c.want, call)
			}
		})
	}
}

// Such a server waits for the end of what it takes for a line.
func TestTLSAtAServerWithoutItNamesTheOption(t *testing.T) {
	t.Parallel()
	client := startRedis(t).at(t, func(o *redis.Options) { o.TLSConfig = &tls.Config{ServerName: "redis.example"} })

	err := limiter(t, client, fleet.SHOPLINE, fleet.LimiterOptions{Timeout: 200 * time.Millisecond}).Wait(within(t))

	assert.ErrorContains(t, err, "TLSConfig")
}

func TestTheRightCertificateIsTrusted(t *testing.T) {
	t.Parallel()
	s := startRedis(t)
	certificate, key := selfSigned(t, "redis.example")
	addr := s.behind(t, certificate, key)

	client := s.at(t, func(o *redis.Options) {
		o.Network, o.Addr, o.TLSConfig = "tcp", addr, &tls.Config{ServerName: "redis.example", RootCAs: pool(certificate)}
	})

	for call, err := range everything(t, client) {
		assert.NoError(t, err, call)
	}
}

// selfSigned returns a certificate for a name.
func selfSigned(t *testing.T, name string) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(raw)
	require.NoError(t, err)
	return certificate, key
}

func pool(c *x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(c)
	return p
}

func (s *server) behindTLS(t *testing.T) string {
	t.Helper()
	certificate, key := selfSigned(t, "redis.example")
	return s.behind(t, certificate, key)
}

// behind lets the server be reached by TLS, and returns where.
func (s *server) behind(t *testing.T, certificate *x509.Certificate, key *ecdsa.PrivateKey) string {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{certificate.Raw}, PrivateKey: key}},
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			outside, err := listener.Accept()
			if err != nil {
				return
			}
			inside, err := net.Dial("unix", s.socket)
			if err != nil {
				_ = outside.Close()
				continue
			}
			go func() { _, _ = io.Copy(inside, outside); _ = inside.Close() }()
			go func() { _, _ = io.Copy(outside, inside); _ = outside.Close() }()
		}
	}()
	return listener.Addr().String()
}

func TestAnotherProgramsKeyIsSaid(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	require.NoError(t, client.LPush(t.Context(), limitKey, 1).Err())

	err := limiter(t, client, fleet.SHOPLINE, fleet.LimiterOptions{}).Wait(within(t))

	assert.ErrorContains(t, err, "those that begin with souk: are fleet's")
}

func TestAClusterIsSaid(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "it is a cluster: use redis.NewClusterClient", fleet.SettingForTest(errors.New("MOVED 3999 127.0.0.1:6381")))
	assert.Empty(t, fleet.SettingForTest(context.DeadlineExceeded))
}

func TestCheckSaysWhatIsUnfitForTokens(t *testing.T) {
	t.Parallel()
	fit := startRedis(t, "--appendonly", "yes")
	require.NoError(t, fleet.Check(within(t), fit.client(t)))
	unfit := startRedis(t, "--maxmemory-policy", "allkeys-lru", "--replicaof", "127.0.0.1", "1").
		at(t, func(o *redis.Options) { o.ContextTimeoutEnabled = false })

	err := fleet.Check(within(t), unfit)

	for _, want := range []string{"maxmemory-policy allkeys-lru", "appendonly", "replica", "redis.Options.ContextTimeoutEnabled"} {
		assert.ErrorContains(t, err, want)
	}
	assert.ErrorContains(t, fleet.Check(within(t), nil), "Redis client")
	assert.ErrorContains(t, fleet.Check(within(t), startRedis(t, "--requirepass", "a").client(t)), "redis.Options.Password")
}

func TestCheckKnowsVersions(t *testing.T) {
	t.Parallel()
	for version, fits := range map[string]bool{"5.0.14": false, "6.0.16": false, "6.2.0": true, "7.0.15": true, "8.2.1": true, "": true, "unknown": true} {
		assert.Equal(t, fits, len(fleet.ProblemsForTest("# Server\r\nredis_version:"+version+"\r\n")) == 0, version)
	}
}
