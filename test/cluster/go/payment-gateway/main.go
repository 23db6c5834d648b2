// The payment gateway of the incidents: a program that is of no use without its etcd, and says so the way such
// programs do. It reads and writes one key a second; when it cannot, it writes one line to standard output and to
// its termination log, and exits with 1.
package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"go.etcd.io/etcd/client/pkg/v3/transport"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
)

const (
	key = "/payments/gateway/ledger-cursor"
	// A kubelet cuts termination messages at 4096 bytes; a person on call reads far fewer.
	maxReasonLength = 200
	retryEvery      = 500 * time.Millisecond
)

type settings struct {
	endpoints      []string
	service        string
	dialTimeout    time.Duration
	every          time.Duration
	terminationLog string
	// Where the kubelet asks whether the gateway lives, and whether it is of use.
	probeAddress string
}

func env(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func durationOf(name, fallback string) time.Duration {
	value, err := time.ParseDuration(env(name, fallback))
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(2)
	}
	return value
}

func readSettings() settings {
	return settings{
		endpoints:      strings.Split(env("ETCD_ENDPOINTS", "https://127.0.0.1:2379"), ","),
		service:        env("ETCD_SERVICE", "etcd"),
		dialTimeout:    durationOf("ETCD_DIAL_TIMEOUT", "5s"),
		every:          durationOf("EVERY", "1s"),
		terminationLog: env("TERMINATION_LOG", "/dev/termination-log"),
		probeAddress:   env("PROBE_ADDRESS", ":8080"),
	}
}

func say(format string, args ...any) {
	fmt.Printf("%s %s\n", time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), fmt.Sprintf(format, args...))
}

// tried names the service and what is behind it: "payments-etcd.kube-system: 10.0.0.1:2379, 10.0.0.1:2381".
func tried(s settings) string {
	hosts := make([]string, 0, len(s.endpoints))
	for _, endpoint := range s.endpoints {
		if parsed, err := url.Parse(endpoint); err == nil && parsed.Host != "" {
			endpoint = parsed.Host
		}
		hosts = append(hosts, endpoint)
	}
	return s.service + ": " + strings.Join(hosts, ", ")
}

func die(s settings, err error) {
	line := fmt.Sprintf("failed to connect to etcd: %v (%s)", err, tried(s))
	if len(line) > maxReasonLength {
		line = line[:maxReasonLength]
	}
	fmt.Println(line)
	// Outside a pod there is no termination log, and the line above has to do.
	if file, openErr := os.OpenFile(s.terminationLog, os.O_WRONLY, 0); openErr == nil {
		fmt.Fprint(file, line)
		file.Close()
	}
	os.Exit(1)
}

func tlsConfig() (*tls.Config, error) {
	return transport.TLSInfo{
		CertFile:      env("ETCD_CERT", "/etc/etcd-client/tls.crt"),
		KeyFile:       env("ETCD_KEY", "/etc/etcd-client/tls.key"),
		TrustedCAFile: env("ETCD_CA", "/etc/etcd-client/ca.crt"),
	}.ClientConfig()
}

// untilItWorks repeats a request until it succeeds or the time is up. A single refusal is nothing to die of: members
// restart, leaders change. What is left when the time is up is that it is up.
func untilItWorks(d time.Duration, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	for {
		err := do(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		say("etcd: %v", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(retryEvery):
		}
	}
}

// serveProbes says on /livez that the program runs, and on /readyz whether the last payment went through a moment ago.
func serveProbes(address string, fresh time.Duration, lastSettled *atomic.Int64) {
	http.HandleFunc("/readyz", func(w http.ResponseWriter, _ *http.Request) {
		if time.Since(time.UnixMilli(lastSettled.Load())) > fresh {
			http.Error(w, "no payment settled lately", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	http.HandleFunc("/livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	if err := http.ListenAndServe(address, nil); err != nil {
		fmt.Fprintf(os.Stderr, "probes: %v\n", err)
		os.Exit(2)
	}
}

// settle reads the ledger's cursor and writes the next one.
func settle(ctx context.Context, client *clientv3.Client) (string, error) {
	answer, err := client.Get(ctx, key)
	if err != nil {
		return "", err
	}
	before := "none"
	if len(answer.Kvs) > 0 {
		before = string(answer.Kvs[0].Value)
	}
	next := strconv.FormatInt(time.Now().UnixMilli(), 10)
	written, err := client.Put(ctx, key, next)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("cursor=%s before=%s revision=%d", next, before, written.Header.Revision), nil
}

func main() {
	s := readSettings()
	say("payment-gateway starts, ledger in etcd at %s", tried(s))
	config, err := tlsConfig()
	if err != nil {
		fmt.Fprintf(os.Stderr, "client certificate: %v\n", err)
		os.Exit(2)
	}
	client, err := clientv3.New(clientv3.Config{
		Endpoints:   s.endpoints,
		DialTimeout: s.dialTimeout,
		TLS:         config,
		Logger:      zap.NewNop(),
	})
	if err != nil {
		die(s, err)
	}
	defer client.Close()

	var lastSettled atomic.Int64
	go serveProbes(s.probeAddress, s.dialTimeout, &lastSettled)
	for {
		started := time.Now()
		var done string
		err := untilItWorks(s.dialTimeout, func(ctx context.Context) (err error) {
			done, err = settle(ctx, client)
			return err
		})
		if err != nil {
			die(s, err)
		}
		lastSettled.Store(time.Now().UnixMilli())
		say("payment settled %s took=%s", done, time.Since(started).Round(time.Millisecond))
		time.Sleep(s.every)
	}
}
