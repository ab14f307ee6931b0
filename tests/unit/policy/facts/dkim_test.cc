#include "policy/facts/dkim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "policy/facts/dkim_guard.h"
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

std::vector<DkimSignature> Verify(std::string_view octets, TxtZone zone) {
  const ParsedOctets message = ParseOctets(octets);
  MapDns dns(std::move(zone));
  return VerifySignatures(message.header, message.body, dns, Deadline::max());
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

TEST(VerifySignatures, RefusesOverLongNames) {
  for (const char* tag : {"d", "s", "i"}) {
    const auto signature = ReadSignature(
        "v=1; h=from; " +
        (std::string(tag) == "d" ? "" : std::string("d=x.example; ")) +
        (std::string(tag) == "s" ? "" : std::string("s=s; ")) + tag + "=" +
        std::string(256, 'a'));
    EXPECT_EQ(signature.result, DkimResult::kPermError);
    EXPECT_THAT(signature.reason, HasSubstr("longer than 255"));
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

TEST(VerifySignatures, FailsAnExpiredSignature) {
  const auto signatures =
      Verify(With("t=1528637909", "t=1528637909; x=1528637910"), RfcDns());
  EXPECT_EQ(signatures[0].result, DkimResult::kFail);
  EXPECT_EQ(signatures[0].reason, "expired (x=)");
}

TEST(VerifySignatures, DoesNotExamineControlCharactersInSignedFields) {
  for (const std::string& value :
       {std::string("a\0b", 3), std::string("a\vb"), std::string("a\fb"),
        std::string("a\rb"), std::string("a\nb")}) {
    ParsedOctets message = ParseOctets(kRfc8463);
    message.header.Set("Subject", value);
    MapDns dns(RfcDns());
    const auto signatures =
        VerifySignatures(message.header, message.body, dns, Deadline::max());
    EXPECT_EQ(signatures[0].result, DkimResult::kNeutral);
    EXPECT_THAT(signatures[0].reason, HasSubstr("subject"));
  }
}

TEST(VerifySignatures, IgnoresControlCharactersInOtherFields) {
  ParsedOctets message = ParseOctets(kRfc8463);
  message.header.Append("X-Odd", std::string("a\0\r\v", 4));
  MapDns dns(RfcDns());
  EXPECT_EQ(
      VerifySignatures(message.header, message.body, dns, Deadline::max())[0]
          .result,
      DkimResult::kPass);
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

TEST(HandedOver, HasMoreFieldsThanNames) {
  Header header;
  header.Receive("From", " a@example.org");
  header.Receive("X-Unsigned", " x");
  header.Receive("DKIM-Signature", " v=1");
  const auto fields =
      HandedOver(header, header.fields()[2], {"from", "from", "subject", "to"});
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->size(), 5u);
  EXPECT_EQ((*fields)[0], "From: a@example.org");
  EXPECT_EQ((*fields)[1], "DKIM-Signature: v=1");
  EXPECT_TRUE((*fields)[4].starts_with("x-pad-"));
}

TEST(HandedOver, RefusesTooMuchWork) {
  Header header;
  header.Receive("From", " a@example.org");
  header.Receive("DKIM-Signature", " v=1");
  const HeaderField signature = header.fields()[1];
  EXPECT_FALSE(
      HandedOver(header, signature, std::vector<std::string>(1'001, "from")));
  EXPECT_FALSE(HandedOver(header, signature, {"from", "dkim-signature"}));
  for (int i = 0; i < 3'000; ++i) header.Receive("X", "");
  EXPECT_FALSE(
      HandedOver(header, signature, std::vector<std::string>(700, "x")));
}

TEST(VerifySignatures, CountsABareLfAsLineEnd) {
  std::string octets(kRfc8463);
  const std::size_t lost = octets.find("We lost");
  octets.insert(lost - 1, "\r");  // the body mixes both
  EXPECT_EQ(Verify(octets, RfcDns())[0].result, DkimResult::kPass);
}

}  // namespace
}  // namespace postern
