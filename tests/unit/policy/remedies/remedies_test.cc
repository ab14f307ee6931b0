#include "policy/remedies/remedy.h"

#include <gtest/gtest.h>

#include "policy/message/date.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

// The message after the remedy; the same when it refused to touch it.
Message After(bool (*remedy)(const Facts&, Message*), FactsBuilder builder,
              bool expect_change = true) {
  const Facts facts = builder.Build();
  Message message = *facts.message;
  EXPECT_EQ(remedy(facts, &message), expect_change);
  return message;
}

std::string Value(const Message& message, std::string_view name) {
  const HeaderField* field = message.header.Find(name);
  return field == nullptr ? "none" : field->Unfolded();
}

// Somebody else's signature over these fields.
FactsBuilder Covered(FactsBuilder builder, std::vector<std::string> fields) {
  builder.Dkim(DkimResult::kPass, "other.example");
  builder.facts().dkim.back().signed_headers = std::move(fields);
  return builder;
}

TEST(AddDate, WritesTheTimeOfReceipt) {
  const Message message = After(AddDate, FactsBuilder());
  EXPECT_EQ(ParseDate(Value(message, "Date")),
            FactsBuilder().facts().received_at);
}

TEST(AddDate, LeavesWhatAForeignSignatureCovers) {
  After(AddDate, Covered(FactsBuilder(), {"from", "date"}), false);
}

TEST(RewriteDate, KeepsTheOriginal) {
  const Message message =
      After(RewriteDate, FactsBuilder().Field("Date", "yesterday"));
  EXPECT_EQ(Value(message, "X-Original-Date"), "yesterday");
  EXPECT_TRUE(ParseDate(Value(message, "Date")));
}

TEST(KeepFirstDate, OnlyWhenAllSayTheSame) {
  const std::string noon = "Sat, 21 Nov 2026 12:00:00 +0000";
  const std::string same = "Sat, 21 Nov 2026 13:00:00 +0100";
  EXPECT_EQ(After(KeepFirstDate,
                  FactsBuilder().Field("Date", noon).Field("Date", same))
                .header.Count("Date"),
            1u);
  After(KeepFirstDate,
        FactsBuilder()
            .Field("Date", noon)
            .Field("Date", "Sat, 21 Nov 2026 12:00:01 +0000"),
        false);
}

TEST(AddMessageId, UsesTheHostOrTheMtasOwn) {
  FactsBuilder builder;
  EXPECT_TRUE(Value(After(AddMessageId, builder), "Message-ID")
                  .ends_with("@example.org>"));
}

TEST(ReplaceMessageId, KeepsTheOriginal) {
  const Message message =
      After(ReplaceMessageId, FactsBuilder().Field("Message-ID", "12345"));
  EXPECT_EQ(Value(message, "X-Original-Message-ID"), "12345");
  EXPECT_NE(Value(message, "Message-ID"), "12345");
}

TEST(ReplaceMessageId, DoesNotTakeTheInvalidOneThatSendmailRepeats) {
  FactsBuilder builder;
  builder.Field("Message-ID", "12345");
  builder.message().submission.mta_message_id = "12345";
  EXPECT_TRUE(Value(After(ReplaceMessageId, builder), "Message-ID")
                  .ends_with("@example.org>"));
}

TEST(MergeDuplicateFields, JoinsAddressesAndDropsExactDuplicates) {
  const Message merged = After(
      MergeDuplicateFields,
      FactsBuilder().Field("To", "a@example.org").Field("To", "b@example.org"));
  EXPECT_EQ(merged.header.Count("To"), 1u);
  EXPECT_EQ(ParseAddressList(Value(merged, "To")).mailboxes.size(), 2u);
  EXPECT_EQ(After(MergeDuplicateFields,
                  FactsBuilder().Field("Subject", "x").Field("Subject", "x"))
                .header.Count("Subject"),
            1u);
}

TEST(MergeDuplicateFields, LeavesDifferentSubjects) {
  After(MergeDuplicateFields,
        FactsBuilder().Field("Subject", "x").Field("Subject", "y"), false);
}

TEST(DeleteEmptyFields, WritesTheSingleRecipientWhereNoneRemains) {
  const Message message =
      After(DeleteEmptyFields, FactsBuilder().Field("To", "").Recipient(
                                   "b@x.example", MailDomain::kHasMx));
  EXPECT_EQ(Value(message, "To"), "b@x.example");
}

TEST(DeleteEmptyFields, NeverShowsRecipientsToEachOther) {
  const Message message = After(
      DeleteEmptyFields, FactsBuilder()
                             .Field("To", "")
                             .Recipient("b@x.example", MailDomain::kHasMx)
                             .Recipient("c@x.example", MailDomain::kHasMx));
  EXPECT_EQ(Value(message, "To"), "undisclosed-recipients:;");
}

TEST(RefoldHeader, FoldsAtSpacesAndLeavesOneWord) {
  std::string references;
  for (int i = 0; i < 60; ++i) references += "<aaaaaaaaaaaaaaaaaaaa@b> ";
  const Message message =
      After(RefoldHeader, FactsBuilder().Field("References", references));
  EXPECT_NE(message.header.Find("References")->value.find('\n'),
            std::string::npos);
  After(RefoldHeader, FactsBuilder().Field("X", std::string(1200, 'x')), false);
}

TEST(RefoldHeader, FoldsAnAddressListThatHasNoSpaces) {
  std::string list = "a@x.example";
  for (int i = 0; i < 100; ++i) list += ",b" + std::to_string(i) + "@x.example";
  const Message message = After(RefoldHeader, FactsBuilder().Field("Cc", list));
  EXPECT_LE(message.header.Find("Cc")->LongestLine(), 78u);
  EXPECT_EQ(ParseAddressList(Value(message, "Cc")).mailboxes.size(), 101u);
}

TEST(RewriteAddresses, WritesWhatIsMalformed) {
  EXPECT_EQ(Value(After(RewriteAddresses,
                        FactsBuilder().Field("To", "a@x.example; b@y.example")),
                  "To"),
            "a@x.example, b@y.example");
  After(RewriteAddresses, FactsBuilder().Field("To", "a@x,b@y"), false);
  After(RewriteAddresses, FactsBuilder().Field("To", "a b c"), false);
  After(RewriteAddresses,
        Covered(FactsBuilder().Field("To", "a@x; b@y"), {"to"}), false);
}

TEST(MendForMta, WritesAnewWhatSendmailWould) {
  FactsBuilder builder;
  builder.Field("To", "a@x.example,b@y.example");
  After(MendForMta, builder, false);
  builder.facts().transit.addresses = {"To"};
  EXPECT_EQ(Value(After(MendForMta, builder), "To"),
            "a@x.example, b@y.example");
  After(MendForMta, Covered(builder, {"to"}), false);
}

TEST(ReencodeBody, LeavesWhatIsSignedOrEncrypted) {
  FactsBuilder builder;
  builder.facts().is_body_covered = true;
  builder.facts().body.has_bare_lf = true;
  After(ReencodeBody, builder, false);
}

TEST(ReencodeBody, LeavesWhatWasNotReadWhole) {
  Facts facts = FactsBuilder().Build();
  Message message = *facts.message;
  message.body = Body::FromString("a\nb\r\n");
  facts.message = std::make_shared<const Message>(message);
  facts.body.has_bare_lf = true;
  facts.mime.is_over_limit = true;
  EXPECT_FALSE(ReencodeBody(facts, &message));
}

TEST(SwitchSender, WritesTheOriginalIntoTheBounceDomain) {
  Config config;
  config.bounce_domain = Domain::Parse("bounces.example");
  FactsBuilder builder;
  builder.facts().config = &config;
  Facts facts = builder.Build();
  Message message;
  message.envelope.mail_from = "alice@example.org";
  EXPECT_TRUE(SwitchSender(facts, &message));
  EXPECT_EQ(message.envelope.mail_from,
            "bounces+alice=example.org@bounces.example");
  message.envelope.mail_from = "";
  EXPECT_FALSE(SwitchSender(facts, &message));
  message.envelope.mail_from = std::string(60, 'x') + "@example.org";
  EXPECT_FALSE(SwitchSender(facts, &message));
}

TEST(SwitchSender, NeedsABounceDomain) {
  Message message;
  message.envelope.mail_from = "alice@example.org";
  EXPECT_FALSE(SwitchSender(FactsBuilder().Build(), &message));
}

TEST(NormaliseSender, TakesOffWhatIsNoAddress) {
  const auto mended = [](const std::string& path) {
    return After(NormaliseSender, FactsBuilder().MailFrom(path))
        .envelope.mail_from;
  };
  EXPECT_EQ(mended(" a@example.org "), "a@example.org");
  EXPECT_EQ(mended("mailto:a@example.org"), "a@example.org");
  EXPECT_EQ(mended("a@Example.org."), "a@Example.org");
  EXPECT_EQ(mended("<a@example.org>"), "a@example.org");
  EXPECT_EQ(mended("a@b\xc3\xbc"
                   "cher.example"),
            "a@xn--bcher-kva.example");
}

TEST(NormaliseSender, LeavesWhatItCannotRead) {
  for (const char* path : {"a b@example.org", "a@@example.org", "alice",
                           "j\xc3\xb6rg@example.org", "a@example.org"})
    After(NormaliseSender, FactsBuilder().MailFrom(path), false);
}

}  // namespace
}  // namespace postern
