#include "policy/facts/spf.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "policy/facts/scripted_dns.h"

namespace postern {
namespace {

SpfAnswer Evaluate(std::string_view zone, std::string_view address,
                   std::string_view from = "user@a.example") {
  auto dns = ScriptedDns::Parse(zone, "zone");
  EXPECT_TRUE(dns) << (dns ? "" : dns.error().message);
  return EvaluateSpf({.address = *IpAddress::Parse(address),
                      .mail_from = std::string(from),
                      .helo_name = "helo.example"},
                     **dns, {});
}

// The result of one record of a.example for 192.0.2.1.
SpfAnswer Record(const std::string& record, const std::string& zone = "") {
  return Evaluate("a.example TXT \"" + record + "\"\n" + zone, "192.0.2.1");
}

TEST(Spf, NamesTheTermThatDecided) {
  const SpfAnswer pass = Record("v=spf1 ip4:192.0.2.0/24 -all");
  EXPECT_EQ(pass.result, SpfResult::kPass);
  EXPECT_EQ(pass.reason, "\"ip4:192.0.2.0/24\" of a.example");
  const SpfAnswer fail = Record("v=spf1 mx -all", "a.example A 192.0.2.9");
  EXPECT_EQ(fail.result, SpfResult::kFail);
  EXPECT_EQ(fail.reason, "\"-all\" of a.example");
  const SpfAnswer neutral = Record("v=spf1 ip4:198.51.100.1");
  EXPECT_EQ(neutral.result, SpfResult::kNeutral);
  EXPECT_EQ(neutral.reason, "no term of a.example matches");
}

TEST(Spf, NamesTheTermAmongEqualQualifiers) {
  const std::string kHost = "h.example A 192.0.2.1\n";
  EXPECT_EQ(Record("v=spf1 -a:h.example -all", kHost).reason,
            "\"-a:h.example\" of a.example");
  EXPECT_EQ(Record("v=spf1 -a:g.example -all", kHost).reason,
            "\"-all\" of a.example");
}

TEST(Spf, NamesIncludesAndRedirects) {
  const std::string kZone =
      "yes.example TXT \"v=spf1 ip4:192.0.2.1\"\n"
      "no.example TXT \"v=spf1 ~all\"\n";
  EXPECT_EQ(
      Record("v=spf1 include:no.example include:yes.example", kZone).reason,
      "\"include:yes.example\" of a.example");
  EXPECT_EQ(Record("v=spf1 include:no.example ?all", kZone).reason,
            "\"?all\" of a.example");
  const SpfAnswer redirected = Record("v=spf1 redirect=no.example", kZone);
  EXPECT_EQ(redirected.result, SpfResult::kSoftfail);
  EXPECT_EQ(redirected.reason, "\"~all\" of no.example");
  EXPECT_EQ(redirected.domain, "a.example");
}

TEST(Spf, NamesAnMxHostThatMatches) {
  const SpfAnswer answer =
      Record("v=spf1 mx:m.example/24 -all",
             "m.example MX 1 x.example\nm.example MX 2 y.example\n"
             "x.example A 198.51.100.1\ny.example A 192.0.2.200\n");
  EXPECT_EQ(answer.result, SpfResult::kPass);
  EXPECT_EQ(answer.reason, "\"mx:m.example/24\" of a.example");
  EXPECT_EQ(answer.lookups, 1);
}

TEST(Spf, NamesTheRecordThatIsWrong) {
  EXPECT_EQ(Record("v=spf1 ip4:1.2.3 -all").reason,
            "syntax error in \"ip4:1.2.3\" in the SPF record of a.example");
  EXPECT_EQ(Record("v=spf1 -all", "a.example TXT \"v=spf1 +all\"").reason,
            "more than one SPF record at a.example");
  EXPECT_EQ(Record("v=spf1 include:b.example", "b.example TXT x").reason,
            "\"include:b.example\" of a.example: b.example has no SPF record");
}

TEST(Spf, StopsAtTenLookups) {
  std::string record = "v=spf1", zone;
  for (int i = 1; i <= 11; ++i) {
    record += fmt::format(" a:h{}.example", i);
    zone += fmt::format("h{}.example A 198.51.100.1\n", i);
  }
  const SpfAnswer answer = Record(record + " -all", zone);
  EXPECT_EQ(answer.result, SpfResult::kPermError);
  EXPECT_EQ(answer.reason,
            "more than 10 DNS lookups (\"a:h11.example\" of a.example)");
  EXPECT_EQ(answer.lookups, 10);
}

TEST(Spf, CountsLookupsOverTheWholeCheck) {
  std::string zone;
  for (int i = 1; i <= 3; ++i)
    zone += fmt::format(
        "i{}.example TXT \"v=spf1 a:h.example a:h.example a:h.example ?all\"\n",
        i);
  zone += "h.example A 198.51.100.1\n";
  const SpfAnswer ten = Record(
      "v=spf1 include:i1.example include:i2.example a:h.example "
      "a:h.example -all",
      zone);
  EXPECT_EQ(ten.result, SpfResult::kFail);
  EXPECT_EQ(ten.lookups, 10);
  EXPECT_EQ(Record("v=spf1 include:i1.example include:i2.example "
                   "include:i3.example -all",
                   zone)
                .result,
            SpfResult::kPermError);
}

TEST(Spf, StopsAtALoop) {
  const SpfAnswer answer = Record("v=spf1 include:a.example -all");
  EXPECT_EQ(answer.result, SpfResult::kPermError);
  EXPECT_EQ(answer.lookups, 10);
}

TEST(Spf, StopsAtTheThirdVoidLookup) {
  EXPECT_EQ(Record("v=spf1 a:x.example a:y.example -all").result,
            SpfResult::kFail);
  const SpfAnswer answer =
      Record("v=spf1 a:x.example a:y.example a:z.example -all");
  EXPECT_EQ(answer.result, SpfResult::kPermError);
  EXPECT_EQ(answer.reason,
            "more than 2 DNS lookups without an answer (\"a:z.example\" of "
            "a.example)");
}

TEST(Spf, StopsAtElevenMxHosts) {
  std::string zone;
  for (int i = 0; i < 11; ++i)
    zone += fmt::format("m.example MX 10 h{}.example\n", i);
  EXPECT_EQ(Record("v=spf1 mx:m.example -all", zone).result,
            SpfResult::kPermError);
}

TEST(Spf, DoesNotKnowWhenDnsDoesNot) {
  const SpfAnswer first = Evaluate("a.example TXT TEMPERROR", "192.0.2.1");
  EXPECT_EQ(first.result, SpfResult::kTempError);
  EXPECT_EQ(first.reason, "DNS did not answer for a.example TXT");
  for (const char* term :
       {"a:b.example", "mx:b.example", "exists:b.example", "include:b.example",
        "redirect=b.example", "mx:c.example"}) {
    const SpfAnswer answer =
        Record(fmt::format("v=spf1 {}", term),
               "b.example TEMPERROR\nc.example MX 1 b.example\n");
    EXPECT_EQ(answer.result, SpfResult::kTempError) << term;
    EXPECT_TRUE(answer.reason.starts_with("DNS did not answer for b.example"))
        << answer.reason;
  }
}

TEST(Spf, DoesNotMatchAPtrThatDnsDoesNotKnow) {
  EXPECT_EQ(
      Record("v=spf1 ptr -all", "1.2.0.192.in-addr.arpa TEMPERROR").result,
      SpfResult::kFail);
}

TEST(Spf, MatchesPtrNamesThatLeadBack) {
  const std::string kZone =
      "1.2.0.192.in-addr.arpa PTR liar.a.example\n"
      "1.2.0.192.in-addr.arpa PTR Honest.A.Example\n"
      "liar.a.example A 192.0.2.9\n";
  EXPECT_EQ(Record("v=spf1 ptr -all", kZone).result, SpfResult::kFail);
  const SpfAnswer pass =
      Record("v=spf1 ptr -all", kZone + "honest.a.example A 192.0.2.1");
  EXPECT_EQ(pass.result, SpfResult::kPass);
  EXPECT_EQ(pass.reason, "\"ptr\" of a.example");
}

TEST(Spf, JudgesLoopbackLikeAnyAddress) {
  EXPECT_EQ(Evaluate("a.example TXT \"v=spf1 -all\"", "127.0.0.1").result,
            SpfResult::kFail);
  EXPECT_EQ(Evaluate("a.example TXT \"v=spf1 -all\"", "::1").result,
            SpfResult::kFail);
}

TEST(Spf, JudgesAMappedAddressAsIpFour) {
  EXPECT_EQ(Evaluate("a.example TXT \"v=spf1 ip4:192.0.2.1 -all\"",
                     "::ffff:192.0.2.1")
                .result,
            SpfResult::kPass);
}

TEST(Spf, TakesAPrefixOfZeroAsAnyAddress) {
  EXPECT_EQ(
      Record("v=spf1 a:h.example/0 -all", "h.example A 198.51.100.1").result,
      SpfResult::kPass);
  EXPECT_EQ(Record("v=spf1 a:h.example/0 -all", "h.example AAAA ::1").result,
            SpfResult::kFail);
}

// libspf2 drops terms beyond 511 octets of its own form without a word.
TEST(Spf, ReadsTheLastOfManyTerms) {
  std::string record = "v=spf1";
  for (int i = 0; i < 200; ++i) record += fmt::format(" ip4:198.51.100.{}", i);
  EXPECT_EQ(Record(record + " ip4:192.0.2.1 -all").result, SpfResult::kPass);
  EXPECT_EQ(Record(record + " -all").result, SpfResult::kFail);
}

// CVE-2023-42118: this explanation overruns the stack of libspf2 1.2.10.
TEST(Spf, SurvivesAHostileExplanation) {
  std::string text;
  for (int i = 0; i < 127; ++i) text += "%{d}";
  const SpfAnswer answer =
      Record("v=spf1 exp=x.example -all",
             "x.example TXT \"" + text + std::string(1000, 'y') + "\"");
  EXPECT_EQ(answer.result, SpfResult::kFail);
  EXPECT_TRUE(answer.explanation.starts_with("a.examplea.example"));
}

TEST(Spf, RefusesNulControlAndEightBitOctets) {
  for (const char* record :
       {"v=spf1 a:b.example\\000 -all", "v=spf1 a\\013 -all", "v=spf1 \\200"})
    EXPECT_EQ(Record(record).result, SpfResult::kPermError) << record;
}

TEST(Spf, ExplainsAFailWithTheDomainsText) {
  const SpfAnswer answer =
      Record("v=spf1 -all exp=why.a.example",
             "why.a.example TXT \"%{i} may not send for %{o}\"");
  EXPECT_EQ(answer.explanation, "192.0.2.1 may not send for a.example");
}

TEST(Spf, ExplainsAFailInItsOwnWordsOtherwise) {
  EXPECT_EQ(Record("v=spf1 -all").explanation, kDefaultSpfExplanation);
  EXPECT_EQ(
      Record("v=spf1 -all exp=e.example", "e.example TEMPERROR").explanation,
      kDefaultSpfExplanation);
  EXPECT_EQ(Record("v=spf1 ~all").explanation, "");
}

TEST(Spf, JudgesTheNullReversePathByTheHeloName) {
  const SpfAnswer answer = Evaluate(
      "helo.example TXT \"v=spf1 exists:%{l}.%{o} -all\"\n"
      "postmaster.helo.example A 127.0.0.2",
      "192.0.2.1", "");
  EXPECT_EQ(answer.result, SpfResult::kPass);
  EXPECT_EQ(answer.domain, "helo.example");
}

TEST(Spf, AsksAULabelAsAnALabel) {
  EXPECT_EQ(Evaluate("xn--bcher-kva.example TXT \"v=spf1 -all\"", "192.0.2.1",
                     "user@b\xc3\xbc"
                     "cher.example")
                .result,
            SpfResult::kFail);
}

TEST(Spf, HasNoResultWithoutAName) {
  const std::string kFrom[] = {
      "user@",
      "user@localhost",
      "user@[192.0.2.1]",
      "user@a..example",
      "user@" + std::string(64, 'a') + ".example",
      "user@" + std::string(5000, 'a'),
      "user@" + std::string("\0", 1),
      "user@\r\n",
  };
  for (const std::string& from : kFrom) {
    const SpfAnswer answer = Evaluate("", "192.0.2.1", from);
    EXPECT_EQ(answer.result, SpfResult::kNone) << from.substr(0, 60);
    EXPECT_FALSE(answer.reason.empty());
  }
  EXPECT_EQ(Evaluate("", "192.0.2.1").reason, "a.example has no SPF record");
}

}  // namespace
}  // namespace postern
