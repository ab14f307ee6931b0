#include "policy/facts/dkim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "policy/message/message.h"
#include "tests/support/map_dns.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

using testing::HasSubstr;

// RFC 8463 appendix A.3: two signatures that other implementations made.
constexpr std::string_view kRfc8463 =
    R"(DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
)";

// In July 2026.
constexpr TimePoint kNow{std::chrono::seconds(1'783'000'000)};

VerifyWith At(Dns& dns, TimePoint now = kNow) {
  return {dns, Deadline::max(), now};
}

TxtZone RfcDns() {
  TxtZone dns;
  dns.txt["brisbane._domainkey.football.example.com"] = {
      "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="};
  dns.txt["test._domainkey.football.example.com"] = {
      "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
      "iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutA"
      "CDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2Ee"
      "C3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"};
  return dns;
}

std::vector<DkimSignature> Verify(std::string_view octets, TxtZone zone,
                                  TimePoint now = kNow) {
  const ParsedOctets message = ParseOctets(octets);
  MapDns dns(std::move(zone));
  return VerifySignatures(message.header, message.body, At(dns, now));
}

// The example with one thing replaced.
std::string With(std::string_view old_text, std::string_view new_text) {
  std::string octets(kRfc8463);
  octets.replace(octets.find(old_text), old_text.size(), new_text);
  return octets;
}

TEST(VerifySignatures, PassesTheExampleOfTheRfc) {
  const auto signatures = Verify(kRfc8463, RfcDns());
  ASSERT_EQ(signatures.size(), 2u);
  EXPECT_EQ(signatures[0].result, DkimResult::kPass);
  EXPECT_EQ(signatures[0].algorithm, "ed25519-sha256");
  EXPECT_EQ(signatures[1].result, DkimResult::kPass);
  EXPECT_EQ(signatures[1].selector, "test");
  EXPECT_EQ(signatures[1].domain, "football.example.com");
  EXPECT_EQ(signatures[1].reason, "");
  EXPECT_EQ(
      signatures[1].headers,
      (std::vector<std::string>{"from", "to", "subject", "date", "message-id",
                                "from", "subject", "date"}));
}

TEST(VerifySignatures, FindsNoneInAnUnsignedMessage) {
  EXPECT_TRUE(Verify("From: a@example.org\n\nx\n", {}).empty());
  EXPECT_TRUE(Verify("", {}).empty());
}

TEST(VerifySignatures, FailsAChangedBodyAndAChangedField) {
  const auto body = Verify(With("hungry", "thirsty"), RfcDns());
  EXPECT_EQ(body[0].result, DkimResult::kFail);
  EXPECT_EQ(body[0].reason, "the body was changed");
  const auto field = Verify(With("dinner", "supper"), RfcDns());
  EXPECT_EQ(field[1].result, DkimResult::kFail);
  EXPECT_EQ(field[1].reason, "the signed header fields were changed");
}

TEST(VerifySignatures, JudgesEachSignatureAlone) {
  const auto signatures = Verify(With("v=1; a=ed", "v=2; a=ed"), RfcDns());
  EXPECT_EQ(signatures[0].result, DkimResult::kPermError);
  EXPECT_EQ(signatures[1].result, DkimResult::kPass);
}

TEST(VerifySignatures, DoesNotTakeSilenceForAMissingKey) {
  TxtZone dns = RfcDns();
  dns.silent.insert("brisbane._domainkey.football.example.com");
  dns.txt.erase("test._domainkey.football.example.com");
  const auto signatures = Verify(kRfc8463, std::move(dns));
  EXPECT_EQ(signatures[0].result, DkimResult::kTempError);
  EXPECT_EQ(signatures[1].result, DkimResult::kPermError);
  EXPECT_EQ(signatures[1].reason,
            "no key at test._domainkey.football.example.com");
}

TEST(VerifySignatures, CannotUseABadKeyRecord) {
  const std::string good =
      RfcDns().txt["brisbane._domainkey.football.example.com"][0];
  for (const std::vector<std::string>& records :
       {std::vector<std::string>{"v=DKIM1; k=ed25519; p="},
        {good, good},
        {"garbage"},
        {""},
        {"v=DKIM1; k=rsa; p=AAAA"},
        {"v=DKIM2; k=ed25519; p=AAAA"},
        {std::string("v=DKIM1; p=\0", 12)}}) {
    TxtZone dns = RfcDns();
    dns.txt["brisbane._domainkey.football.example.com"] = records;
    EXPECT_EQ(Verify(kRfc8463, std::move(dns))[0].result,
              DkimResult::kPermError)
        << records.front();
  }
}

TEST(VerifySignatures, DoesNotCutALongKeyRecord) {
  TxtZone dns = RfcDns();
  dns.txt["test._domainkey.football.example.com"][0] +=
      "; n=" + std::string(900, 'x');
  EXPECT_EQ(Verify(kRfc8463, std::move(dns))[1].result, DkimResult::kNeutral);
}

TEST(VerifySignatures, HasAnAnswerForMalformedFields) {
  for (const char* field :
       {"garbage", "", ";", "v=1",
        "v=1; a=rsa-sha256; d=x.example; s=s; h=from",
        "v=1; d=x.example; d=y.example", "v=1; d=.; s=s; h=from; b=; bh=",
        "v=1; a=\xff; d=x.example; s=s; h=from; b=YQ==; bh=YQ==",
        "v=1; a=rsa-sha256; d=football.example.com; s=test; h=; b=YQ==; bh="}) {
    const auto signatures = Verify(
        std::string("DKIM-Signature: ") + field + "\n" + std::string(kRfc8463),
        RfcDns());
    ASSERT_EQ(signatures.size(), 3u) << field;
    EXPECT_EQ(signatures[0].result, DkimResult::kPermError) << field;
    EXPECT_EQ(signatures[1].result, DkimResult::kPass) << field;
    EXPECT_NE(signatures[0].reason, "") << field;
  }
}

TEST(VerifySignatures, ExaminesFiveSignaturesOnly) {
  std::string octets(kRfc8463);
  const std::string two = octets.substr(0, octets.find("From: "));
  const auto signatures = Verify(two + two + octets, RfcDns());
  ASSERT_EQ(signatures.size(), 6u);
  EXPECT_EQ(signatures[4].result, DkimResult::kPass);
  EXPECT_EQ(signatures[5].result, DkimResult::kNeutral);
  EXPECT_THAT(signatures[5].reason, HasSubstr("not examined"));
}

// Our own, not the system's.
TEST(VerifySignatures, JudgesExpiryByTheClockItIsGiven) {
  const auto at = [](std::int64_t seconds) {
    return Verify(With("t=1528637909", "t=1528637909; x=1528637910"), RfcDns(),
                  TimePoint(std::chrono::seconds(seconds)))[0];
  };
  EXPECT_EQ(at(1'528'637'911).result, DkimResult::kFail);
  EXPECT_EQ(at(1'528'637'911).reason, "expired (x=)");
  // Not expired then; x= is no part of what was signed in the example.
  EXPECT_EQ(at(1'528'637'910).reason, "the signed header fields were changed");
  EXPECT_EQ(Verify(With("t=1528637909", "t=1528637909; x=8999999999"), RfcDns(),
                   TimePoint(std::chrono::seconds(9'000'000'000)))[0]
                .reason,
            "expired (x=)");
}

TEST(VerifySignatures, DoesNotExamineControlCharactersInSignedFields) {
  for (const std::string& value :
       {std::string("a\0b", 3), std::string("a\vb"), std::string("a\fb"),
        std::string("a\rb"), std::string("a\nb")}) {
    ParsedOctets message = ParseOctets(kRfc8463);
    message.header.Set("Subject", value);
    MapDns dns(RfcDns());
    const auto signatures =
        VerifySignatures(message.header, message.body, At(dns));
    EXPECT_EQ(signatures[0].result, DkimResult::kNeutral);
    EXPECT_THAT(signatures[0].reason, HasSubstr("subject"));
  }
}

TEST(VerifySignatures, IgnoresControlCharactersInOtherFields) {
  ParsedOctets message = ParseOctets(kRfc8463);
  message.header.Append("X-Odd", std::string("a\0\r\v", 4));
  MapDns dns(RfcDns());
  EXPECT_EQ(VerifySignatures(message.header, message.body, At(dns))[0].result,
            DkimResult::kPass);
}

// Each of these comes from a sender: bounded work, and an answer.
TEST(VerifySignatures, AnswersHostileSignatures) {
  const std::string head =
      "DKIM-Signature: v=1; a=rsa-sha256; d=football.example.com; s=test; "
      "bh=YWJj; b=YWJj; ";
  std::string names = "from";
  for (int i = 0; i < 900; ++i) names += ":x" + std::to_string(i);
  std::string many = "from";
  for (int i = 0; i < 5'000; ++i) many += ":from";
  const struct {
    const char* why;
    std::string tags;
    DkimResult result;
  } kCases[] = {
      {"900 names", "h=" + names, DkimResult::kFail},
      {"5,001 names", "h=" + many, DkimResult::kNeutral},
      {"names of nothing", "h=from" + std::string(500, ':'), DkimResult::kFail},
      {"i= of kilobytes",
       "h=from; i=" + std::string(5'000, 'a') + "@football.example.com",
       DkimResult::kPermError},
      {"i= of another domain", "h=from; i=@other.example",
       DkimResult::kPermError},
      {"a tag twice", "h=from; h=from:to", DkimResult::kPermError},
      {"a= twice", "h=from; a=rsa-sha256", DkimResult::kPermError},
      {"101 tags and more",
       "h=from" +
           [] {
             std::string tags;
             for (int i = 0; i < 120; ++i)
               tags += "; y" + std::to_string(i) + "=1";
             return tags;
           }(),
       DkimResult::kPermError},
      {"an unknown canonicalization", "h=from; c=loose/loose",
       DkimResult::kPermError},
      {"one canonicalization", "h=from; c=simple", DkimResult::kFail},
      {"an empty one", "h=from; c=", DkimResult::kPermError},
      {"l= beyond the body", "h=from; l=999999999", DkimResult::kFail},
      {"t= in the future", "h=from; t=2000000000", DkimResult::kFail},
      {"t= out of the library's reach", "h=from; t=4000000000",
       DkimResult::kNeutral},
      {"t= after x=", "h=from; t=2000000001; x=2000000000",
       DkimResult::kPermError},
      {"t= of 1970, which the library takes for the future", "h=from; t=1",
       DkimResult::kNeutral},
      {"64 KB and more", "h=from; z=" + std::string(70'000, 'z'),
       DkimResult::kNeutral},
      {"white space instead of a value", "h=\t; d2=", DkimResult::kPermError},
  };
  for (const auto& c : kCases) {
    const auto signatures = Verify(
        head + c.tags + "\nFrom: a@football.example.com\n\nx\n", RfcDns());
    ASSERT_EQ(signatures.size(), 1u) << c.why;
    EXPECT_EQ(ToString(signatures[0].result), ToString(c.result))
        << c.why << ": " << signatures[0].reason;
  }
}

// RFC 6376 s.3.6.1: what a key record may restrict.
TEST(VerifySignatures, HeedsTheKeyRecord) {
  const std::string key =
      "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
      "iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutA"
      "CDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2Ee"
      "C3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";
  const struct {
    const char* tags;
    DkimResult result;
  } kCases[] = {
      {"", DkimResult::kPass},
      {"v=DKIM1; k=rsa; s=*; ", DkimResult::kPass},
      {"v=DKIM1; h=sha1:sha256; s=email; ", DkimResult::kPass},
      {"v=DKIM1; t=y; ", DkimResult::kPass},
      {"v=DKIM1; n=a note; unknown=1; ", DkimResult::kPass},
      {"v=DKIM1; h=sha1; ", DkimResult::kPermError},
      {"v=DKIM1; s=tlsrpt; ", DkimResult::kPermError},
      {"v=DKIM1; k=ed25519; ", DkimResult::kPermError},
      {"v=DKIM1; k=dsa; ", DkimResult::kPermError},
      {"k=rsa; v=DKIM2; ", DkimResult::kPermError},
  };
  for (const auto& c : kCases) {
    TxtZone dns = RfcDns();
    dns.txt["test._domainkey.football.example.com"] = {c.tags + key};
    const auto signatures = Verify(kRfc8463, std::move(dns));
    EXPECT_EQ(ToString(signatures[1].result), ToString(c.result))
        << c.tags << ": " << signatures[1].reason;
  }
}

// libopendkim writes past its array when h= uses up every field and names one
// more; glibc aborts for these counts. The padding keeps it within.
TEST(VerifySignatures, SurvivesNamesThatUseUpEveryField) {
  for (int fields = 1; fields < 70; ++fields) {
    std::string names = "from", header = "From: a@example.org\n";
    for (int i = 2; i < fields; ++i) {
      names += ":x" + std::to_string(i);
      header += "X" + std::to_string(i) + ": 1\n";
    }
    const auto signatures = Verify(
        "DKIM-Signature: v=1; a=rsa-sha256; d=football.example.com; s=test; "
        "h=" +
            names + ":nothing:more:here; bh=YWJj; b=YWJj\n" + header + "\nx\n",
        RfcDns());
    EXPECT_EQ(signatures[0].result, DkimResult::kFail) << fields;
  }
}

// Neither a pass nor a fault of the signature.
TEST(VerifySignatures, DoesNotExamineAFromWithoutAddress) {
  const auto signatures =
      Verify(With("From: Joe SixPack <joe@football.example.com>", "From: Joe"),
             RfcDns());
  EXPECT_EQ(signatures[0].result, DkimResult::kNeutral);
  EXPECT_THAT(signatures[0].reason, HasSubstr("not examined"));
}

TEST(VerifySignatures, CountsABareLfAsLineEnd) {
  std::string octets(kRfc8463);
  const std::size_t lost = octets.find("We lost");
  octets.insert(lost - 1, "\r");  // the body mixes both
  EXPECT_EQ(Verify(octets, RfcDns())[0].result, DkimResult::kPass);
}

}  // namespace
}  // namespace postern
