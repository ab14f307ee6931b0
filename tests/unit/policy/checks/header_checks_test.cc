#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

bool Fails(const Check& check, FactsBuilder builder) {
  const std::vector<Verdict> verdicts = check.run(builder.Build());
  return !verdicts.empty() && verdicts.front().outcome == Outcome::kFail;
}

TEST(DateMissing, FailsWithoutDateOnly) {
  EXPECT_TRUE(Fails(kDateMissing, FactsBuilder()));
  EXPECT_FALSE(Fails(kDateMissing, FactsBuilder().Field("date", "whatever")));
}

TEST(DateDuplicate, FailsFromTheSecondOn) {
  EXPECT_FALSE(Fails(kDateDuplicate, FactsBuilder().Field("Date", "x")));
  EXPECT_TRUE(Fails(kDateDuplicate,
                    FactsBuilder().Field("Date", "x").Field("DATE", "x")));
}

TEST(DateInvalid, FailsOnWhatIsNoDate) {
  EXPECT_FALSE(Fails(kDateInvalid, FactsBuilder()));
  EXPECT_FALSE(
      Fails(kDateInvalid,
            FactsBuilder().Field("Date", "Sat, 21 Nov 2026 12:00:00 GMT")));
  EXPECT_TRUE(
      Fails(kDateInvalid,
            FactsBuilder().Field("Date", "Sat, 21 Nov 2026 12:00:00 +200")));
  EXPECT_TRUE(Fails(kDateInvalid, FactsBuilder().Field("Date", "")));
}

TEST(FromMissing, FailsWithoutFromOnly) {
  EXPECT_TRUE(Fails(kFromMissing, FactsBuilder()));
  EXPECT_FALSE(Fails(kFromMissing, FactsBuilder().From("")));
}

TEST(FromDuplicate, FailsFromTheSecondOn) {
  EXPECT_FALSE(Fails(kFromDuplicate, FactsBuilder().From("a@example.org")));
  EXPECT_TRUE(
      Fails(kFromDuplicate,
            FactsBuilder().From("a@example.org").From("a@example.org")));
}

TEST(FromWithoutAddress, FailsOnAnythingButAMailbox) {
  for (const char* value : {"", "Alice", "friends:;", "<>", "\"Alice", "a@"})
    EXPECT_TRUE(Fails(kFromWithoutAddress, FactsBuilder().From(value)))
        << value;
  for (const char* value : {"a@example.org", "Alice <a@example.org>"})
    EXPECT_FALSE(Fails(kFromWithoutAddress, FactsBuilder().From(value)))
        << value;
}

TEST(FromWithoutAddress, LeavesMissingFromToItsOwnCheck) {
  EXPECT_FALSE(Fails(kFromWithoutAddress, FactsBuilder()));
}

TEST(FromMultipleMailboxes, FailsFromTheSecondOn) {
  EXPECT_FALSE(
      Fails(kFromMultipleMailboxes, FactsBuilder().From("a@example.org")));
  EXPECT_TRUE(Fails(kFromMultipleMailboxes,
                    FactsBuilder().From("a@example.org, b@example.org")));
}

TEST(MessageIdMissing, FailsWithoutOneOnly) {
  EXPECT_TRUE(Fails(kMessageIdMissing, FactsBuilder()));
  EXPECT_FALSE(
      Fails(kMessageIdMissing, FactsBuilder().Field("Message-Id", "<a@b>")));
}

TEST(MessageIdInvalid, FailsOnWhatGmailReadsAsNone) {
  const std::string long_id = "<" + std::string(500, 'x') + "@b>";
  for (const std::string& value :
       {std::string("abc"), std::string("<abc>"), std::string("<a@>"),
        std::string("<@b>"), std::string("<a b@c>"), std::string("<a@b@c>"),
        std::string("<a\xc3\xa4@b>"), std::string(""), long_id})
    EXPECT_TRUE(
        Fails(kMessageIdInvalid, FactsBuilder().Field("Message-ID", value)))
        << value;
  EXPECT_FALSE(
      Fails(kMessageIdInvalid, FactsBuilder().Field("Message-ID", "<a.b@c>")));
  EXPECT_FALSE(Fails(kMessageIdInvalid, FactsBuilder()));
}

TEST(MessageIdDuplicate, FailsFromTheSecondOn) {
  EXPECT_FALSE(
      Fails(kMessageIdDuplicate, FactsBuilder().Field("Message-ID", "<a@b>")));
  EXPECT_TRUE(Fails(kMessageIdDuplicate, FactsBuilder()
                                             .Field("Message-ID", "<a@b>")
                                             .Field("Message-ID", "<a@b>")));
}

TEST(HeaderFieldDuplicate, FailsForSingletonsOnly) {
  for (const char* name : {"Subject", "To", "Cc", "Bcc", "Sender", "Reply-To",
                           "In-Reply-To", "References"})
    EXPECT_TRUE(Fails(kHeaderFieldDuplicate,
                      FactsBuilder().Field(name, "a").Field(name, "b")))
        << name;
  EXPECT_FALSE(
      Fails(kHeaderFieldDuplicate,
            FactsBuilder().Field("Received", "a").Field("Received", "b")));
}

TEST(HeaderFieldEmpty, FailsOnNothingAndOnComments) {
  for (const char* value : {"", " ", "(nobody)"})
    EXPECT_TRUE(Fails(kHeaderFieldEmpty, FactsBuilder().Field("Cc", value)))
        << value;
  EXPECT_FALSE(Fails(kHeaderFieldEmpty, FactsBuilder().Field("Cc", "a@b.c")));
  EXPECT_FALSE(Fails(kHeaderFieldEmpty, FactsBuilder().Field("X-Empty", "")));
  EXPECT_FALSE(Fails(kHeaderFieldEmpty,
                     FactsBuilder().Field("To", "undisclosed-recipients:;")));
}

TEST(HeaderLineTooLong, CountsTheNameAndEachFoldApart) {
  // "X: " and 995 octets are 998.
  EXPECT_FALSE(Fails(kHeaderLineTooLong,
                     FactsBuilder().Field("X", std::string(995, 'a'))));
  EXPECT_TRUE(Fails(kHeaderLineTooLong,
                    FactsBuilder().Field("X", std::string(996, 'a'))));
  const std::string folded =
      std::string(900, 'a') + "\n " + std::string(900, 'b');
  EXPECT_FALSE(Fails(kHeaderLineTooLong, FactsBuilder().Field("X", folded)));
}

TEST(AddressSyntax, FailsOnWhatStrictParsersRefuse) {
  for (const char* value : {"a@x;b@y", "alice", "Bob <b@x", "\"Bob <b@x>",
                            "b@x <b@x>", "Sales [EU] <s@x>"})
    EXPECT_TRUE(Fails(kAddressSyntax, FactsBuilder().Field("Cc", value)))
        << value;
  for (const char* value : {"a@x,b@y", "friends:;", "", "Bob <b@x>,"})
    EXPECT_FALSE(Fails(kAddressSyntax, FactsBuilder().Field("Cc", value)))
        << value;
}

TEST(AddressSyntax, LeavesFromToItsOwnCheck) {
  EXPECT_FALSE(Fails(kAddressSyntax, FactsBuilder().From("alice")));
}

TEST(HeaderFieldCut, FailsWherePostfixMayHaveCut) {
  const std::string value(59'900, 'x');
  EXPECT_FALSE(Fails(kHeaderFieldCut, FactsBuilder().Field("X", "short")));
  FactsBuilder builder;
  builder.Field("X", value);
  EXPECT_TRUE(Fails(kHeaderFieldCut, builder));
  builder.message().submission.mta_kind = MtaKind::kSendmail;
  EXPECT_FALSE(Fails(kHeaderFieldCut, builder));
}

TEST(BrokenByMta, TellsWhatNoOtherCheckTells) {
  FactsBuilder builder;
  EXPECT_FALSE(Fails(kBrokenByMta, builder));
  builder.facts().transit = {.line_field = "Subject",
                             .line_length = 1200,
                             .body = "8-bit octets in the body"};
  builder.facts().body.has_eight_bit = true;
  EXPECT_FALSE(Fails(kBrokenByMta, builder));
  builder.facts().transit.line_length = 995;
  EXPECT_EQ(kBrokenByMta.run(builder.Build()).front().detail,
            "a line of 995 octets in Subject");
  builder.facts().transit = {.addresses = {"To"}};
  EXPECT_EQ(kBrokenByMta.run(builder.Build()).front().detail,
            "Sendmail writes To anew");
}

}  // namespace
}  // namespace postern
