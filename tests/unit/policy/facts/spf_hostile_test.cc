// Hostile DNS, through the real resolver: a result from the RFC's list, and no
// more questions than RFC 7208 s.4.6.4 allows.
#include <gtest/gtest.h>

#include <string>

#include <fmt/format.h>

#include "policy/facts/spf.h"
#include "policy/facts/spf_proposal.h"
#include "policy/facts/unbound_dns.h"
#include "tests/support/fake_dns_server.h"

namespace postern {
namespace {

// The record; ten terms, each of which may be an MX with ten hosts; the
// client's names and their addresses for the macro p; the explanation.
constexpr int kMaxQueries = 1 + 10 * (1 + 10) + (1 + 10) + 1;

std::unique_ptr<UnboundDns> Resolver(const FakeDnsServer& server) {
  DnsConfig config;
  config.servers = {server.address()};
  auto dns = UnboundDns::Make(config);
  EXPECT_TRUE(dns) << (dns ? "" : dns.error().message);
  return std::move(*dns);
}

SpfQuery Question() {
  return {.address = *IpAddress::Parse("192.0.2.1"),
          .mail_from = "user@a.example",
          .helo_name = "helo.example"};
}

SpfAnswer Evaluate(FakeDnsServer& server) {
  const auto dns = Resolver(server);
  SpfAnswer answer =
      EvaluateSpf(Question(), *dns, In(std::chrono::seconds(60)));
  EXPECT_FALSE(answer.reason.empty());
  EXPECT_LE(answer.lookups, 10);
  return answer;
}

// The result for a.example with this zone, within the bound of questions.
SpfResult ResultOf(const std::string& zone, int most = kMaxQueries) {
  FakeDnsServer server(zone);
  const SpfResult result = Evaluate(server).result;
  EXPECT_LE(server.AllQueries(), most);
  EXPECT_GE(server.AllQueries(), 1);
  return result;
}

std::string Octets(const std::string& text) {
  std::string escaped;
  for (const char c : text)
    escaped += fmt::format("\\{:03}", static_cast<unsigned char>(c));
  return '"' + escaped + '"';
}

TEST(SpfHostile, EndlessIncludes) {
  // Each name includes one that was never asked before.
  EXPECT_EQ(ResultOf("a.example TXT \"v=spf1 include:x.%{d}\"\n"
                     "*.a.example TXT \"v=spf1 include:x.%{d}\"\n",
                     11),
            SpfResult::kPermError);
}

TEST(SpfHostile, IncludesAsWideAsDeep) {
  std::string record = "v=spf1";
  for (int i = 0; i < 10; ++i) record += fmt::format(" include:n{}.%{{d}}", i);
  EXPECT_EQ(ResultOf("a.example TXT \"" + record + "\"\n*.a.example TXT \"" +
                         record + "\"\n",
                     11),
            SpfResult::kPermError);
}

TEST(SpfHostile, LoopsOfIncludesAndRedirects) {
  EXPECT_EQ(ResultOf("a.example TXT \"v=spf1 include:b.example\"\n"
                     "b.example TXT \"v=spf1 redirect=a.example\"\n",
                     11),
            SpfResult::kPermError);
  EXPECT_EQ(ResultOf("a.example TXT \"v=spf1 redirect=a.example\"\n", 11),
            SpfResult::kPermError);
}

TEST(SpfHostile, EveryLookupThatIsAllowed) {
  std::string record = "v=spf1";
  std::string zone;
  for (int term = 0; term < 12; ++term) {
    record += fmt::format(" mx:m{}.example", term);
    for (int host = 0; host < 10; ++host)
      zone += fmt::format(
          "m{0}.example MX {1} h{1}.m{0}.example\n"
          "h{1}.m{0}.example A 198.51.100.{1}\n",
          term, host);
  }
  EXPECT_EQ(ResultOf("a.example TXT \"" + record + " -all\"\n" + zone),
            SpfResult::kPermError);
}

TEST(SpfHostile, ManyNamesOfTheClient) {
  std::string zone =
      "a.example TXT \"v=spf1 exists:%{p}.%{p}.%{p}.x.example "
      "exists:%{p}.y.example ptr ?all\"\n"
      "*.x.example A 192.0.2.9\n*.y.example A 192.0.2.9\n";
  for (int i = 0; i < 60; ++i)
    zone += fmt::format("1.2.0.192.in-addr.arpa PTR p{}.a.example\n", i);
  EXPECT_EQ(ResultOf(zone, 20), SpfResult::kPass);
}

TEST(SpfHostile, ChainsAndLoopsOfAliases) {
  std::string chain;
  for (int i = 0; i < 40; ++i)
    chain += fmt::format("c{}.example CNAME c{}.example\n", i, i + 1);
  constexpr int kAliases = 40;
  const SpfResult chained = ResultOf(
      "a.example CNAME c0.example\nc40.example TXT \"v=spf1 +all\"\n" + chain,
      kAliases);
  EXPECT_TRUE(chained == SpfResult::kTempError || chained == SpfResult::kNone);
  const SpfResult looped = ResultOf(
      "a.example CNAME b.example\nb.example CNAME a.example\n", kAliases);
  EXPECT_TRUE(looped == SpfResult::kTempError || looped == SpfResult::kNone);
}

TEST(SpfHostile, ARecordOfSixtyKilobytes) {
  std::string record = "v=spf1";
  while (record.size() < 60'000) record += " ip4:198.51.100.7";
  EXPECT_EQ(ResultOf("a.example TXT \"" + record + " ip4:192.0.2.1 -all\"\n"),
            SpfResult::kPass);
  record = "v=spf1 " + std::string(60'000, 'a');
  EXPECT_EQ(ResultOf("a.example TXT \"" + record + "\"\n"),
            SpfResult::kPermError);
}

TEST(SpfHostile, ManyTexts) {
  std::string zone;
  for (int i = 0; i < 2000; ++i) zone += fmt::format("a.example TXT t{}\n", i);
  EXPECT_EQ(ResultOf(zone), SpfResult::kNone);
  EXPECT_EQ(ResultOf(zone + "a.example TXT \"v=spf1 +all\"\n"),
            SpfResult::kPass);
  for (int i = 0; i < 500; ++i)
    zone += fmt::format("a.example TXT \"v=spf1 ip4:192.0.2.{}\"\n", i);
  EXPECT_EQ(ResultOf(zone), SpfResult::kPermError);
}

TEST(SpfHostile, OctetsThatAreNoText) {
  const std::string kRecords[] = {
      std::string("v=spf1 a:b.example\0.c.example +all", 34),
      "v=spf1 a:\xff\xfe.example +all", "v=spf1 +all\r\n",
      "v=spf1\t+all x=\x7f"};
  for (const std::string& record : kRecords) {
    const SpfResult result = ResultOf("a.example TXT " + Octets(record));
    EXPECT_TRUE(result == SpfResult::kPermError || result == SpfResult::kNone)
        << ToString(result);
  }
}

TEST(SpfHostile, NamesWithNulAndDots) {
  EXPECT_EQ(ResultOf("a.example TXT \"v=spf1 mx -all\"\n"
                     "a.example MX 1 \"h\\000.example\"\n"),
            SpfResult::kFail);
}

// Where the last record of an answer says how long it is, and its first string.
void LieAboutLength(FakeDnsServer& server, std::size_t offset, char octet) {
  server.Distort("a.example", [offset, octet](std::string response) {
    constexpr std::size_t kQuestionEnd = 12 + 11 + 4;  // a.example TXT IN
    constexpr std::size_t kRecordHead = 2 + 2 + 2 + 4;
    response.at(kQuestionEnd + kRecordHead + offset) = octet;
    return response;
  });
}

TEST(SpfHostile, LiesAboutLength) {
  for (const auto& [offset, octet] : {std::pair{0, '\x7f'},
                                      {0, '\xff'},
                                      {1, '\x01'},
                                      {1, '\x00'},
                                      {2, '\xff'},
                                      {2, '\x00'},
                                      {2, '\x0f'}}) {
    FakeDnsServer server("a.example TXT \"v=spf1 +all\"\n");
    LieAboutLength(server, static_cast<std::size_t>(offset), octet);
    const SpfResult result = Evaluate(server).result;
    EXPECT_NE(result, SpfResult::kPass) << offset;
    EXPECT_LE(server.AllQueries(), 40);  // the resolver may try again
  }
}

TEST(SpfHostile, AnswersThatEndTooSoon) {
  for (const std::size_t size :
       {std::size_t{12}, std::size_t{20}, std::size_t{27}, std::size_t{40}}) {
    FakeDnsServer server("a.example TXT \"v=spf1 +all\"\n");
    server.Distort("a.example", [size](const std::string& response) {
      return response.substr(0, size);
    });
    EXPECT_NE(Evaluate(server).result, SpfResult::kPass) << size;
  }
}

TEST(SpfHostile, AProposalAsksABoundedNumberOfQuestions) {
  std::string record = "v=spf1";
  for (int i = 0; i < 10; ++i) record += fmt::format(" include:n{}.%{{d}}", i);
  std::string fixed = "v=spf1";
  for (int i = 0; i < 20; ++i) fixed += fmt::format(" include:i{}.example", i);
  std::string zone = "a.example TXT \"" + fixed + " -all\"\n";
  for (int i = 0; i < 20; ++i)
    zone += fmt::format(
        "i{0}.example TXT \"{1}\"\n*.i{0}.example TXT \"{1}\"\n", i, record);
  FakeDnsServer server(zone);
  const auto dns = Resolver(server);
  const SpfQuery question = Question();
  EXPECT_FALSE(
      ProposeSpf(std::span(&question, 1), *dns, In(std::chrono::seconds(60))));
  EXPECT_LE(server.AllQueries(), 1000);
}

}  // namespace
}  // namespace postern
