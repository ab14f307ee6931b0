#include "policy/facts/unbound_dns.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/fake_dns_server.h"

namespace postern {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Far longer than any answer takes; a test that waits for it has failed.
Deadline Enough() { return In(seconds(30)); }

std::unique_ptr<UnboundDns> Resolver(const FakeDnsServer& server) {
  DnsConfig config;
  config.servers = {server.address()};
  auto dns = UnboundDns::Make(config);
  EXPECT_TRUE(dns) << (dns ? "" : dns.error().message);
  return std::move(*dns);
}

DnsRecord Value(std::string value, int preference = 0) {
  return {.preference = preference, .value = std::move(value)};
}

DnsRecord Address(const char* text) {
  return Value(std::string(IpAddress::Parse(text)->octets()));
}

TEST(UnboundDns, DecodesEachType) {
  const FakeDnsServer server(
      "a.example A 192.0.2.7\n"
      "a.example AAAA 2001:db8::7\n"
      "a.example NS NS1.Example.\n"
      "a.example SOA primary.example\n"
      "a.example MX 10 Mail.Example.\n"
      "7.2.0.192.in-addr.arpa PTR A.example.\n"
      "c.example CNAME a.example\n");
  const auto dns = Resolver(server);
  const struct {
    const char* name;
    RrType type;
    DnsRecord record;
  } kExpected[] = {
      {"a.example", RrType::kA, Address("192.0.2.7")},
      {"A.EXAMPLE.", RrType::kAaaa, Address("2001:db8::7")},
      {"a.example", RrType::kNs, Value("ns1.example")},
      {"a.example", RrType::kSoa, Value("primary.example")},
      {"a.example", RrType::kMx, Value("mail.example", 10)},
      {"7.2.0.192.in-addr.arpa", RrType::kPtr, Value("a.example")},
      {"c.example", RrType::kCname, Value("a.example")},
  };
  for (const auto& [name, type, record] : kExpected) {
    SCOPED_TRACE(ToString(type));
    const DnsAnswer answer = dns->Ask(name, type, Enough());
    EXPECT_EQ(answer.status, DnsStatus::kOk);
    EXPECT_EQ(answer.records, std::vector{record});
  }
}

TEST(UnboundDns, JoinsTheStringsOfATxt) {
  const std::string text(300, 'x');
  const FakeDnsServer server("t.example TXT " + text);
  const auto dns = Resolver(server);
  EXPECT_EQ(dns->Ask("t.example", RrType::kTxt, Enough()).records,
            std::vector{Value(text)});
}

TEST(UnboundDns, KeepsNulAndEightBitOctetsOfATxt) {
  const FakeDnsServer server("t.example TXT \"a\\000b\\255\"");
  const auto dns = Resolver(server);
  EXPECT_EQ(dns->Ask("t.example", RrType::kTxt, Enough()).records,
            std::vector{Value(std::string("a\0b\xff", 4))});
}

TEST(UnboundDns, FollowsAliases) {
  const FakeDnsServer server(
      "www.example CNAME host.example\nhost.example TXT here\n"
      "gone.example CNAME nowhere.example\n");
  const auto dns = Resolver(server);
  EXPECT_EQ(dns->Ask("www.example", RrType::kTxt, Enough()).records,
            std::vector{Value("here")});
  EXPECT_EQ(dns->Ask("gone.example", RrType::kTxt, Enough()).status,
            DnsStatus::kNxDomain);
}

TEST(UnboundDns, TellsANullMx) {
  const FakeDnsServer server("quiet.example MX 0 .");
  const auto dns = Resolver(server);
  EXPECT_TRUE(
      AskMx(*dns, *Domain::Parse("quiet.example"), Enough()).is_null_mx());
}

TEST(UnboundDns, TellsMissingNamesTypesAndServersApart) {
  const FakeDnsServer server("a.example A 192.0.2.7\nbad.example TEMPERROR");
  const auto dns = Resolver(server);
  EXPECT_EQ(dns->Ask("a.example", RrType::kMx, Enough()).status,
            DnsStatus::kNoData);
  EXPECT_EQ(dns->Ask("no.example", RrType::kMx, Enough()).status,
            DnsStatus::kNxDomain);
  EXPECT_EQ(dns->Ask("bad.example", RrType::kMx, Enough()).status,
            DnsStatus::kTempError);
}

TEST(UnboundDns, AsksTheServerForZonesThatLibunboundHoldsItself) {
  const FakeDnsServer server(
      "a.test TXT test\na.invalid TXT invalid\na.home.arpa TXT home\n"
      "7.2.0.192.in-addr.arpa TXT reverse\n"
      "1.0.0.10.in-addr.arpa TXT private\n");
  const auto dns = Resolver(server);
  for (const char* name : {"a.test", "a.invalid", "a.home.arpa",
                           "7.2.0.192.in-addr.arpa", "1.0.0.10.in-addr.arpa"})
    EXPECT_EQ(dns->Ask(name, RrType::kTxt, Enough()).status, DnsStatus::kOk)
        << name;
}

TEST(UnboundDns, AsksOddOctetsAsTheyAre) {
  const FakeDnsServer server("\"a b\\092\\255.example\" TXT odd");
  const auto dns = Resolver(server);
  EXPECT_EQ(dns->Ask("a b\\\xff.example", RrType::kTxt, Enough()).records,
            std::vector{Value("odd")});
}

TEST(UnboundDns, DoesNotAskForNamesThatCannotExist) {
  FakeDnsServer server("a.example A 192.0.2.7");
  const auto dns = Resolver(server);
  for (const std::string& name :
       {std::string(), std::string("a..example"),
        std::string(64, 'a') + ".example", std::string(300, 'a')})
    EXPECT_EQ(dns->Ask(name, RrType::kA, Enough()).status,
              DnsStatus::kNxDomain);
}

TEST(UnboundDns, GivesUpOnASilentServerAtTheDeadline) {
  const FakeDnsServer server("", {"silent.example"});
  const auto dns = Resolver(server);
  const Deadline start = std::chrono::steady_clock::now();
  const DnsAnswer answer =
      dns->Ask("silent.example", RrType::kA, In(milliseconds(50)));
  EXPECT_EQ(answer.status, DnsStatus::kTempError);
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(5));
}

TEST(UnboundDns, GoesOnAfterTheDeadlineAndKeepsTheAnswer) {
  FakeDnsServer server("late.example TXT late");
  server.HoldBack();
  const auto dns = Resolver(server);
  EXPECT_EQ(dns->Ask("late.example", RrType::kTxt, In(milliseconds(1))).status,
            DnsStatus::kTempError);
  server.Release();
  EXPECT_EQ(dns->Ask("late.example", RrType::kTxt, Enough()).status,
            DnsStatus::kOk);
  EXPECT_EQ(dns->Ask("late.example", RrType::kTxt, Deadline()).status,
            DnsStatus::kOk);  // from the cache
  EXPECT_EQ(server.Queries("late.example"), 1);
}

TEST(UnboundDns, AsksOnceForManyThreads) {
  FakeDnsServer server("shared.example TXT shared");
  server.HoldBack();
  const auto dns = Resolver(server);
  std::atomic<int> answered = 0;
  std::atomic<int> started = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] {
        ++started;
        const auto answer = dns->Ask("shared.example", RrType::kTxt, Enough());
        if (answer.status == DnsStatus::kOk) ++answered;
      });
    while (started < 8) std::this_thread::yield();
    server.Release();
  }
  EXPECT_EQ(answered, 8);
  EXPECT_EQ(server.Queries("shared.example"), 1);
}

TEST(UnboundDns, PrefetchesWithoutWaiting) {
  FakeDnsServer server("soon.example TXT soon");
  server.HoldBack();
  const auto dns = Resolver(server);
  dns->Prefetch("soon.example", RrType::kTxt);  // returns, though held back
  dns->Prefetch("not..a.name", RrType::kTxt);
  while (server.Queries("soon.example") == 0) std::this_thread::yield();
  server.Release();
  EXPECT_EQ(dns->Ask("soon.example", RrType::kTxt, Enough()).status,
            DnsStatus::kOk);
  EXPECT_EQ(server.Queries("soon.example"), 1);
}

TEST(UnboundDns, StopsWithQuestionsUnderWay) {
  const FakeDnsServer server("", {"silent.example"});
  const auto dns = Resolver(server);
  dns->Prefetch("silent.example", RrType::kA);
}

TEST(UnboundDns, RefusesServersThatAreNone) {
  for (const char* server : {"", "dns.example", "127.0.0.1@", "127.0.0.1@0",
                             "127.0.0.1@65536", "127.0.0.1:53", "@53"}) {
    DnsConfig config;
    config.servers = {server};
    EXPECT_FALSE(UnboundDns::Make(config)) << server;
  }
}

}  // namespace
}  // namespace postern
