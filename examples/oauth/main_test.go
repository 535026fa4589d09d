package main

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/souk-go/souk"
)

// browser keeps cookies and follows redirects.
type browser struct {
	t    *testing.T
	base string
	http http.Client
}

func opened(t *testing.T) (*browser, string) {
	t.Helper()
	dir := t.TempDir()
	flows, end := standInFlows("http://127.0.0.1", souk.NewFileTokenStore(dir))
	t.Cleanup(end)
	server := httptest.NewServer(newApp(flows))
	t.Cleanup(server.Close)
	return newBrowser(t, server.URL), dir
}

func newBrowser(t *testing.T, base string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, base: base, http: http.Client{Jar: jar}}
}

func (b *browser) read(resp *http.Response, err error) (int, string) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func (b *browser) get(path string) (int, string) { return b.read(b.http.Get(b.base + path)) }

// install presses the button of a vendor, and returns where Allow leads to.
func (b *browser) install(vendor string) string {
	b.t.Helper()
	status, page := b.read(b.http.Post(b.base+"/install/"+vendor, "", nil))
	link := regexp.MustCompile(`href="(/callback/[^"]*)"`).FindStringSubmatch(page)
	if status != http.StatusOK || link == nil {
		b.t.Fatalf("no link to go on with: %d %s", status, page)
	}
	return html.UnescapeString(link[1])
}

func TestAnAppIsInstalled(t *testing.T) {
	for vendor, want := range map[string]string{"salla": ">12<", "shopline": ">7<", "shoplazza": ">31<"} {
		t.Run(vendor, func(t *testing.T) {
			b, dir := opened(t)
			if status, page := b.get("/"); status != http.StatusOK || !strings.Contains(page, "/install/"+vendor) {
				t.Fatalf("the first page: %d", status)
			}

			status, page := b.get(b.install(vendor))

			if status != http.StatusOK || !strings.Contains(page, "The app is installed") || !strings.Contains(page, want) {
				t.Errorf("%d %s", status, page)
			}
			if kept, _ := filepath.Glob(filepath.Join(dir, "*")); len(kept) == 0 {
				t.Error("no token was kept")
			}
		})
	}
}

func TestACallbackWorksOnce(t *testing.T) {
	b, _ := opened(t)
	link := b.install("shoplazza")
	if status, _ := b.get(link); status != http.StatusOK {
		t.Fatal(status)
	}

	status, page := b.get(link)

	if status != http.StatusBadRequest || !strings.Contains(page, "Begin again.") {
		t.Errorf("%d %s", status, page)
	}
}

// Whoever lures a merchant to a callback of their own must not get in.
func TestACallbackOfAnotherBrowserIsRefused(t *testing.T) {
	for _, vendor := range []string{"salla", "shopline", "shoplazza"} {
		t.Run(vendor, func(t *testing.T) {
			attacker, dir := opened(t)
			link := attacker.install(vendor)
			stranger := newBrowser(t, attacker.base)
			victim := newBrowser(t, attacker.base)
			victim.install(vendor) // is in the middle of an installation, with a state of its own

			for _, b := range []*browser{stranger, victim} {
				if status, page := b.get(link); status == http.StatusOK {
					t.Errorf("%d %s", status, page)
				}
			}

			if kept, _ := os.ReadDir(dir); len(kept) != 0 {
				t.Error("a token was kept")
			}
		})
	}
}

func TestAPageOfAnotherSiteCannotPressTheButton(t *testing.T) {
	b, _ := opened(t)
	req, err := http.NewRequest(http.MethodPost, b.base+"/install/salla", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "cross-site")

	status, _ := b.read(b.http.Do(req))

	if status != http.StatusForbidden {
		t.Error(status)
	}
}

func TestAPageThatIsMissing(t *testing.T) {
	b, _ := opened(t)
	if status, page := b.get("/callback/shopify"); status != http.StatusNotFound || !strings.Contains(page, "There is no such vendor.") {
		t.Errorf("%d %s", status, page)
	}
}

// What is wrong is said when the program starts, not to the first merchant.
func TestSettingsThatAreWrongAreNamed(t *testing.T) {
	for _, name := range []string{"SALLA_CLIENT_ID", "SALLA_CLIENT_SECRET", "SHOPLINE_APP_KEY", "SHOPLINE_APP_SECRET", "SHOPLINE_HANDLE", "SHOPLAZZA_CLIENT_ID", "SHOPLAZZA_CLIENT_SECRET", "SHOPLAZZA_SHOP"} {
		t.Setenv(name, "")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		app       string
		arguments []string
		want      string
	}{
		{"", []string{"extra"}, `unknown argument "extra"`},
		{"", []string{"-url", "app.example"}, "-url must be a URL"},
		{"", []string{"-tokens", file}, "-tokens: "},
		{"", []string{"-addr", "nowhere", "-tokens", dir}, "-addr: "},
		{"", []string{"-real"}, "-tokens: name a directory that only you can write to"},
		{"", []string{"-real", "-tokens", dir}, "there is no app: set SALLA_CLIENT_ID"},
		{"app", []string{"-real", "-tokens", dir}, "The app is the one of SHOPLINE_APP_KEY, SHOPLINE_APP_SECRET, SHOPLINE_HANDLE in the environment"},
	} {
		t.Setenv("SHOPLINE_APP_KEY", c.app)
		err := run(t.Context(), c.arguments, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v", c.arguments, err)
		}
	}
}

func TestAVendorWithoutAnAppIsLeftOut(t *testing.T) {
	for _, name := range []string{"SHOPLINE_APP_KEY", "SHOPLINE_APP_SECRET", "SHOPLINE_HANDLE", "SHOPLAZZA_CLIENT_ID", "SHOPLAZZA_CLIENT_SECRET", "SHOPLAZZA_SHOP"} {
		t.Setenv(name, "")
	}
	t.Setenv("SALLA_CLIENT_ID", "app")
	t.Setenv("SALLA_CLIENT_SECRET", "secret")

	flows, err := configured(realFlows("http://127.0.0.1", souk.NewFileTokenStore(t.TempDir())))

	if err != nil || len(flows) != 1 || flows[0].Vendor != "salla" {
		t.Errorf("%v, %v", flows, err)
	}
}
