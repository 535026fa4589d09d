package otelsouk_test

import (
	"context"
	"fmt"
	"log"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/souk-go/souk/otelsouk"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
)

func ExampleNew() {
	spans := tracetest.NewInMemoryExporter() // a program has an exporter of its own
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	server := shoplinetest.NewServer()
	defer server.Close()
	cfg := server.Config() // in place of shopline.Config{Handle: …, Token: …}
	cfg.Observer = otelsouk.New(otelsouk.Config{TracerProvider: provider})
	client, err := shopline.NewClient(cfg)
	if err != nil {
		log.Fatal(err)
	}

	if _, err := client.Customers.Count(context.Background()); err != nil {
		log.Fatal(err)
	}

	for _, span := range spans.GetSpans() {
		fmt.Println(span.SpanKind, span.Name)
	}
	// Output:
	// client GET /customers/v2/count.json
	// internal GET /customers/v2/count.json
}
