#include "policy/facts/scripted_dns.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

DnsAnswer Ask(std::string_view lines, std::string_view name, RrType type) {
  auto dns = ScriptedDns::Parse(lines, "zone");
  EXPECT_TRUE(dns) << (dns ? "" : dns.error().message);
  return dns ? (*dns)->Ask(name, type, {}) : DnsAnswer{};
}

std::string Txt(std::string_view value) {
  const DnsAnswer answer =
      Ask("t.example TXT " + std::string(value), "t.example", RrType::kTxt);
  return answer.records.empty() ? "(none)" : answer.records.front().value;
}

std::string ErrorOf(std::string_view lines) {
  const auto dns = ScriptedDns::Parse(lines, "zone");
  return dns ? "(none)" : dns.error().message;
}

TEST(ScriptedDns, IsBlindToCaseAndTheLastDot) {
  for (const char* name : {"a.example", "A.Example."})
    for (const char* line : {"a.example a 192.0.2.1", "A.EXAMPLE. A 192.0.2.1"})
      EXPECT_EQ(Ask(line, name, RrType::kA).status, DnsStatus::kOk) << line;
}

TEST(ScriptedDns, ToleratesTtlAndClass) {
  for (const char* line :
       {"a.example 60 IN A 192.0.2.1", "a.example IN 60 A 192.0.2.1",
        "a.example\t60\tA\t192.0.2.1\r"}) {
    const DnsAnswer answer = Ask(line, "a.example", RrType::kA);
    EXPECT_EQ(answer.status, DnsStatus::kOk) << line;
    EXPECT_EQ(answer.ttl, std::chrono::seconds(60)) << line;
  }
}

TEST(ScriptedDns, IgnoresCommentsAndEmptyLines) {
  EXPECT_EQ(Ask("# one\n; two\n\n  \na.example TXT x # three\n", "a.example",
                RrType::kTxt)
                .records.front()
                .value,
            "x");
}

TEST(ScriptedDns, ReadsEachType) {
  constexpr std::string_view kZone =
      "a.example A 192.0.2.1\na.example AAAA 2001:db8::1\n"
      "a.example NS ns.example\na.example SOA ns.example h.example 1 2 3 4 5\n"
      "a.example PTR host.example.\na.example CAA 0 issue ca.example\n";
  EXPECT_EQ(Ask(kZone, "a.example", RrType::kA).records.front().value.size(),
            4u);
  EXPECT_EQ(Ask(kZone, "a.example", RrType::kAaaa).records.front().value.size(),
            16u);
  for (const RrType type : {RrType::kNs, RrType::kSoa})
    EXPECT_EQ(Ask(kZone, "a.example", type).records.front().value,
              "ns.example");
  EXPECT_EQ(Ask(kZone, "a.example", RrType::kPtr).records.front().value,
            "host.example");
}

TEST(ScriptedDns, KeepsSixteenOctetsOfAMappedAddress) {
  EXPECT_EQ(Ask("a.example AAAA ::ffff:192.0.2.1", "a.example", RrType::kAaaa)
                .records.front()
                .value.size(),
            16u);
}

TEST(ScriptedDns, ReadsTextAsAMasterFileDoes) {
  EXPECT_EQ(Txt(R"("v=spf1 " "-all")"), "v=spf1 -all");
  EXPECT_EQ(Txt(R"("a\"b\\c\065")"), "a\"b\\cA");
  EXPECT_EQ(Txt(R"("a;b#c")"), "a;b#c");
  EXPECT_EQ(Txt(R"("\000\255")"), std::string("\0\xff", 2));
  EXPECT_EQ(Txt(R"("")"), "");
  EXPECT_EQ(Txt("\"b\xc3\xbc\""), "b\xc3\xbc");
}

TEST(ScriptedDns, ReadsUnquotedTextToTheEndOfTheLine) {
  EXPECT_EQ(Txt("v=spf1 -all"), "v=spf1 -all");
  EXPECT_EQ(Txt("v=DKIM1; k=rsa; p="), "v=DKIM1; k=rsa; p=");
}

TEST(ScriptedDns, ReadsAQuotedWordThatLooksLikeAnAnswer) {
  EXPECT_EQ(Txt("\"TEMPERROR\""), "TEMPERROR");
}

TEST(ScriptedDns, TellsWhatIsMissing) {
  constexpr std::string_view kZone = "deep.a.example A 192.0.2.1";
  EXPECT_EQ(Ask(kZone, "deep.a.example", RrType::kTxt).status,
            DnsStatus::kNoData);
  EXPECT_EQ(Ask(kZone, "a.example", RrType::kTxt).status, DnsStatus::kNoData);
  EXPECT_EQ(Ask(kZone, "b.example", RrType::kTxt).status, DnsStatus::kNxDomain);
  EXPECT_EQ(Ask(kZone, "a..example", RrType::kTxt).status,
            DnsStatus::kNxDomain);
}

TEST(ScriptedDns, SaysAnAnswerInsteadOfAValue) {
  constexpr std::string_view kZone =
      "a.example A 192.0.2.1\na.example TXT TEMPERROR\na.example MX NXDOMAIN\n"
      "b.example TEMPERROR\nb.example A 192.0.2.1\nc.example NXDOMAIN\n";
  EXPECT_EQ(Ask(kZone, "a.example", RrType::kTxt).status,
            DnsStatus::kTempError);
  EXPECT_EQ(Ask(kZone, "a.example", RrType::kMx).status, DnsStatus::kNxDomain);
  EXPECT_EQ(Ask(kZone, "a.example", RrType::kA).status, DnsStatus::kOk);
  EXPECT_EQ(Ask(kZone, "b.example", RrType::kMx).status, DnsStatus::kTempError);
  EXPECT_EQ(Ask(kZone, "b.example", RrType::kA).status, DnsStatus::kOk);
  EXPECT_EQ(Ask(kZone, "c.example", RrType::kA).status, DnsStatus::kNxDomain);
}

TEST(ScriptedDns, FollowsAliases) {
  constexpr std::string_view kZone =
      "www.example CNAME host.example.\nhost.example A 192.0.2.1\n"
      "gone.example CNAME nowhere.example\n"
      "one.example CNAME two.example\ntwo.example CNAME one.example\n"
      "late.example CNAME TEMPERROR\n";
  EXPECT_EQ(Ask(kZone, "www.example", RrType::kA).status, DnsStatus::kOk);
  EXPECT_EQ(Ask(kZone, "www.example", RrType::kMx).status, DnsStatus::kNoData);
  EXPECT_EQ(Ask(kZone, "www.example", RrType::kCname).records.front().value,
            "host.example");
  EXPECT_EQ(Ask(kZone, "gone.example", RrType::kA).status,
            DnsStatus::kNxDomain);
  EXPECT_EQ(Ask(kZone, "one.example", RrType::kA).status,
            DnsStatus::kTempError);
  EXPECT_EQ(Ask(kZone, "late.example", RrType::kA).status,
            DnsStatus::kTempError);
}

TEST(ScriptedDns, AnswersFromTheNearestWildcardOnly) {
  constexpr std::string_view kZone =
      "*.example TXT wild\nhost.a.example TXT own\n";
  EXPECT_EQ(Ask(kZone, "x.y.example", RrType::kTxt).records.front().value,
            "wild");
  EXPECT_EQ(Ask(kZone, "x.example", RrType::kMx).status, DnsStatus::kNoData);
  EXPECT_EQ(Ask(kZone, "host.a.example", RrType::kTxt).records.front().value,
            "own");
  // RFC 4592 s.2.2.2: "a.example" exists, so the wildcard does not reach below.
  EXPECT_EQ(Ask(kZone, "x.a.example", RrType::kTxt).status,
            DnsStatus::kNxDomain);
  EXPECT_EQ(Ask(kZone, "example", RrType::kTxt).status, DnsStatus::kNoData);
}

TEST(ScriptedDns, NamesFileAndLineOfAnError) {
  EXPECT_EQ(ErrorOf("a.example A 192.0.2.1\na.example WKS x"),
            "zone:2: not a type: \"WKS\"");
}

TEST(ScriptedDns, RefusesMalformedLines) {
  const std::string kBad[] = {
      "a.example",
      "a.example A",
      "a.example IN 60",
      "a..example A 192.0.2.1",
      "a.example A 192.0.2",
      "a.example A 2001:db8::1",
      "a.example A 192.0.2.1 192.0.2.2",
      "a.example AAAA 192.0.2.1",
      "a.example MX mail.example",
      "a.example MX 70000 mail.example",
      "a.example MX 10",
      "a.example CNAME a..example",
      "a.example TXT \"open",
      "a.example TXT \"\\256\"",
      "a.example TXT \"\\25\"",
      "a.example TXT x\\",
      "a.example TXT \"bare\rCR\"",
      std::string("a.example TXT \"N\0L\"", 20),
      "a.example TXT " + std::string(70'000, 'x'),
      "a.example TXT x\na.example TXT TEMPERROR",
  };
  for (const std::string& line : kBad)
    EXPECT_NE(ErrorOf(line), "(none)") << line.substr(0, 60);
}

TEST(ScriptedDns, MayBeEmpty) { EXPECT_EQ(ErrorOf(""), "(none)"); }

}  // namespace
}  // namespace postern
