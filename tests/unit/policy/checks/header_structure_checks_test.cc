// The checks of dates, encoded-words, limits and habits of the header.

#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

bool Fails(const Check& check, FactsBuilder builder) {
  const std::vector<Verdict> verdicts = check.run(builder.Build());
  return !verdicts.empty() && verdicts.front().outcome == Outcome::kFail;
}
bool IsUnknown(const Check& check, FactsBuilder builder) {
  const std::vector<Verdict> verdicts = check.run(builder.Build());
  return !verdicts.empty() && verdicts.front().outcome == Outcome::kUnknown;
}

// The builder's message is received that much before or after its Date.
FactsBuilder DatedFromNow(std::chrono::hours ahead) {
  FactsBuilder builder;
  return builder.Field("Date", FormatDate(builder.facts().received_at + ahead));
}

TEST(DateInFuture, FailsBeyondTwoDays) {
  using std::chrono::hours;
  EXPECT_FALSE(Fails(kDateInFuture, DatedFromNow(hours(47))));
  EXPECT_TRUE(Fails(kDateInFuture, DatedFromNow(hours(49))));
  EXPECT_FALSE(Fails(kDateAhead, DatedFromNow(hours(1))));
  EXPECT_TRUE(Fails(kDateAhead, DatedFromNow(hours(3))));
  EXPECT_FALSE(Fails(kDateAhead, DatedFromNow(hours(49))));
  EXPECT_FALSE(Fails(kDateInFuture, FactsBuilder()));
}

TEST(DateTooOld, FailsBeyondFifteenDays) {
  using std::chrono::hours;
  EXPECT_FALSE(Fails(kDateTooOld, DatedFromNow(-hours(24 * 14))));
  EXPECT_TRUE(Fails(kDateTooOld, DatedFromNow(-hours(24 * 16))));
  EXPECT_FALSE(Fails(kDateBehind, DatedFromNow(-hours(23))));
  EXPECT_TRUE(Fails(kDateBehind, DatedFromNow(-hours(25))));
  EXPECT_FALSE(Fails(
      kDateTooOld, DatedFromNow(-hours(24 * 16)).Field("Resent-Date", "now")));
}

TEST(AuthorDomainNotPublic, FailsOnWhatIsNoPublicName) {
  for (const char* from : {"a@localhost", "a@[192.0.2.1]", "a@a_b.example.org"})
    EXPECT_TRUE(Fails(kAuthorDomainNotPublic, FactsBuilder().From(from)))
        << from;
  EXPECT_FALSE(
      Fails(kAuthorDomainNotPublic, FactsBuilder().From("a@example.org")));
}

TEST(AuthorDomainNotPublic, AsksDnsAboutReservedNames) {
  FactsBuilder builder;
  builder.From("a@host.local");
  builder.facts().author_domain = Domain::Parse("host.local");
  EXPECT_FALSE(Fails(kAuthorDomainNotPublic, builder));
  builder.facts().author_mail_domain = MailDomain::kNxDomain;
  EXPECT_TRUE(Fails(kAuthorDomainNotPublic, builder));
  builder.facts().author_mail_domain = MailDomain::kUnknown;
  EXPECT_TRUE(IsUnknown(kAuthorDomainNotPublic, builder));
}

TEST(FromEncodedAddress, FailsWhereTheAddressIsEncodedToo) {
  EXPECT_TRUE(
      Fails(kFromEncodedAddress,
            FactsBuilder().From("=?utf-8?Q?A_=3Ca=40example.org=3E?=")));
  EXPECT_FALSE(Fails(kFromEncodedAddress,
                     FactsBuilder().From("=?utf-8?Q?A?= <a@example.org>")));
  EXPECT_FALSE(Fails(kFromEncodedAddress, FactsBuilder().From("Alice")));
  EXPECT_FALSE(Fails(kFromEncodedAddress, FactsBuilder()));
}

TEST(HeaderNoRecipientField, TakesAnyOfThem) {
  EXPECT_TRUE(Fails(kHeaderNoRecipientField, FactsBuilder()));
  for (const char* name : {"To", "Cc", "Bcc"})
    EXPECT_FALSE(Fails(kHeaderNoRecipientField,
                       FactsBuilder().Field(name, "a@example.org")));
}

TEST(HeaderEightBit, IsAllowedWithSmtputf8) {
  FactsBuilder builder;
  builder.Field("Subject", "caf\u00e9");
  EXPECT_TRUE(Fails(kHeaderEightBit, builder));
  builder.message().envelope.mail_args = {"smtputf8"};
  EXPECT_FALSE(Fails(kHeaderEightBit, builder));
  EXPECT_FALSE(Fails(kHeaderEightBit, FactsBuilder().Field("Subject", "tea")));
}

TEST(EncodedWordInvalid, FailsOnWhatCannotBeDecoded) {
  const auto subject = [](const char* value) {
    return FactsBuilder().Field("Subject", value);
  };
  EXPECT_TRUE(Fails(kEncodedWordInvalid, subject("=?cp-850?Q?=82?=")));
  EXPECT_TRUE(Fails(kEncodedWordInvalid, subject("=?utf-8?B?*?=")));
  EXPECT_FALSE(Fails(kEncodedWordInvalid, subject("=?utf-8?Q?=C3=A9?=")));
  EXPECT_TRUE(Fails(kEncodedWordIrregular, subject("=?utf-8?Q?a?=b")));
  EXPECT_FALSE(Fails(kEncodedWordIrregular, subject("=?utf-8?Q?a?= b")));
}

TEST(EncodedWordMisplaced, FailsInIdentifiersDatesAndAddresses) {
  for (const char* name : {"Message-ID", "Date", "References"})
    EXPECT_TRUE(Fails(kEncodedWordMisplaced,
                      FactsBuilder().Field(name, "<=?utf-8?Q?a?=@b>")));
  EXPECT_TRUE(Fails(kEncodedWordMisplaced,
                    FactsBuilder().Field("To", "=?utf-8?Q?a?=@example.org")));
  EXPECT_FALSE(
      Fails(kEncodedWordMisplaced,
            FactsBuilder()
                .Field("To", "=?utf-8?Q?a?= <a@example.org>")
                .Field("Content-Type", "text/plain; name=\"=?utf-8?Q?a?=\"")));
}

FactsBuilder To(const char* receiver) {
  return FactsBuilder().Recipient("b@r.example", MailDomain::kHasMx, receiver);
}

TEST(HeaderTooLarge, KnowsEachReceiversLimit) {
  const auto with = [](const char* receiver, std::size_t octets) {
    return To(receiver).Field("X", std::string(octets, 'x'));
  };
  EXPECT_TRUE(Fails(kHeaderTooLarge, with("m365", 257'000)));
  EXPECT_FALSE(Fails(kHeaderTooLarge, with("google", 257'000)));
  EXPECT_TRUE(Fails(kHeaderTooLarge, with("google", 501'000)));
  EXPECT_FALSE(Fails(kHeaderTooLarge, with("selfhost", 501'000)));
  EXPECT_TRUE(Fails(kHeaderLarge, with("selfhost", 61'000)));
  EXPECT_FALSE(Fails(kHeaderLarge, with("selfhost", 50'000)));
}

TEST(HeaderFieldTooLarge, LeavesAddressesAndReferences) {
  const std::string value(33'000, 'x');
  EXPECT_TRUE(Fails(kHeaderFieldTooLarge, FactsBuilder().Field("X-A", value)));
  EXPECT_FALSE(Fails(kHeaderFieldTooLarge, FactsBuilder().Field("to", value)));
}

TEST(HeaderTooManyFields, CountsFieldsAndLines) {
  const auto with = [](const char* receiver, int fields) {
    FactsBuilder builder = To(receiver);
    for (int i = 0; i < fields; ++i) builder.Field("X", "y");
    return builder;
  };
  EXPECT_FALSE(Fails(kHeaderTooManyFields, with("google", 5000)));
  EXPECT_TRUE(Fails(kHeaderTooManyFields, with("google", 5001)));
  EXPECT_TRUE(Fails(kHeaderTooManyFields, with("selfhost", 1001)));
  EXPECT_FALSE(Fails(kHeaderTooManyFields, with("yahoo", 5001)));
}

TEST(FieldName, IsPrintableAsciiOfSomeLength) {
  EXPECT_TRUE(Fails(kFieldNameInvalid, FactsBuilder().Field("X Y", "z")));
  EXPECT_TRUE(Fails(kFieldNameInvalid, FactsBuilder().Field("X ", "z")));
  EXPECT_FALSE(Fails(kFieldNameInvalid, FactsBuilder().Field("X-Y_z'", "z")));
  EXPECT_TRUE(Fails(kFieldNameTooLong,
                    FactsBuilder().Field(std::string(1025, 'X'), "z")));
  EXPECT_FALSE(Fails(kFieldNameTooLong, FactsBuilder().Field("X", "z")));
}

TEST(SubjectTooLong, CountsCharacters) {
  const auto subject = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "\u00e9";
    return FactsBuilder().Field("Subject", text);
  };
  EXPECT_TRUE(Fails(kSubjectTooLong, subject(999)));
  EXPECT_FALSE(Fails(kSubjectTooLong, subject(998)));
  EXPECT_TRUE(Fails(kSubjectLong, subject(256)));
  EXPECT_FALSE(Fails(kSubjectLong, subject(255)));
  EXPECT_FALSE(Fails(kSubjectLong, subject(999)));
}

TEST(TooManyReceived, CountsOurOwnToo) {
  const auto with = [](const char* receiver, int hops) {
    FactsBuilder builder = To(receiver);
    for (int i = 0; i < hops; ++i) builder.Field("Received", "from a");
    return builder;
  };
  EXPECT_FALSE(Fails(kTooManyReceived, with("selfhost", 28)));
  EXPECT_TRUE(Fails(kTooManyReceived, with("selfhost", 29)));
  EXPECT_FALSE(Fails(kTooManyReceived, with("google", 29)));
  EXPECT_TRUE(Fails(kTooManyReceived, with("google", 49)));
}

TEST(MailLoop, FailsWhereARecipientHasHadIt) {
  EXPECT_TRUE(
      Fails(kMailLoop, To("selfhost").Field("Delivered-To", "B@r.example")));
  EXPECT_FALSE(
      Fails(kMailLoop, To("selfhost").Field("Delivered-To", "c@r.example")));
}

TEST(AutoReplyLoop, FailsOnAnswersToMachines) {
  const auto answer = [](const char* to, const char* subject) {
    return FactsBuilder()
        .Recipient(to, MailDomain::kHasMx)
        .Field("Auto-Submitted", "auto-replied (vacation)")
        .Field("Subject", subject);
  };
  for (const char* to : {"MAILER-DAEMON@r.example", "owner-list@r.example",
                         "list-request@r.example", "no-reply@r.example"})
    EXPECT_TRUE(Fails(kAutoReplyLoop, answer(to, "Auto: Hi"))) << to;
  for (const char* subject :
       {"Auto: Auto: Hi", "Automatic reply: Re: Out of Office: Hi",
        "Re: Auto: Hi"})
    EXPECT_TRUE(Fails(kAutoReplyLoop, answer("b@r.example", subject)))
        << subject;
  for (const char* subject : {"Auto: Hi", "Re: Hi", "Auto: Re: Hi", ""})
    EXPECT_FALSE(Fails(kAutoReplyLoop, answer("b@r.example", subject)))
        << subject;
  EXPECT_FALSE(Fails(kAutoReplyLoop,
                     FactsBuilder()
                         .Recipient("no-reply@r.example", MailDomain::kHasMx)
                         .Field("Subject", "Auto: Auto: Hi")));
}

TEST(HeaderMalformed, FailsOnBlankFoldsAndLostFields) {
  EXPECT_TRUE(
      Fails(kHeaderMalformed, FactsBuilder().Field("Subject", "a\n  \n b")));
  EXPECT_TRUE(Fails(kHeaderMalformed, FactsBuilder().Field("Subject", "a\n ")));
  EXPECT_FALSE(
      Fails(kHeaderMalformed, FactsBuilder().Field("Subject", "a\n b")));
}

TEST(NulOctet, FailsInHeaderAndBody) {
  EXPECT_TRUE(
      Fails(kNulOctet, FactsBuilder().Field("X", std::string("a\0b", 3))));
  FactsBuilder builder;
  EXPECT_FALSE(Fails(kNulOctet, builder));
  builder.facts().body.has_nul = true;
  EXPECT_TRUE(Fails(kNulOctet, builder));
}

TEST(BccPresent, FailsWithAddressesOnly) {
  EXPECT_TRUE(Fails(kBccPresent, FactsBuilder().Field("Bcc", "a@b.example")));
  EXPECT_FALSE(Fails(kBccPresent, FactsBuilder().Field("Bcc", "")));
}

TEST(ReturnPathPresent, Fails) {
  EXPECT_TRUE(
      Fails(kReturnPathPresent, FactsBuilder().Field("Return-Path", "<>")));
  EXPECT_FALSE(Fails(kReturnPathPresent, FactsBuilder()));
}

TEST(SenderMissing, ConcernsSeveralAuthors) {
  const char* two = "a@example.org, b@example.org";
  EXPECT_TRUE(Fails(kSenderMissing, FactsBuilder().From(two)));
  EXPECT_FALSE(Fails(kSenderMissing,
                     FactsBuilder().From(two).Field("Sender", "a@x.example")));
  EXPECT_FALSE(Fails(kSenderMissing, FactsBuilder().From("a@example.org")));
  EXPECT_TRUE(Fails(kSenderMissing,
                    FactsBuilder().From("a@example.org").Field("Sender", two)));
}

TEST(FalseReplyPrefix, IsTrueInAThread) {
  EXPECT_TRUE(
      Fails(kFalseReplyPrefix, FactsBuilder().Field("Subject", "RE: offer")));
  EXPECT_FALSE(
      Fails(kFalseReplyPrefix, FactsBuilder().Field("Subject", "Reply")));
  EXPECT_FALSE(Fails(kFalseReplyPrefix, FactsBuilder()
                                            .Field("Subject", "Re: offer")
                                            .Field("In-Reply-To", "<a@b>")));
}

TEST(DisplayNameDeceptive, KnowsTheAuthorsOrganization) {
  const auto from = [](const char* value) {
    return FactsBuilder().From(value);
  };
  EXPECT_TRUE(
      Fails(kDisplayNameDeceptive, from("\"pay@bank.com\" <a@example.org>")));
  EXPECT_FALSE(Fails(kDisplayNameDeceptive,
                     from("\"a@news.example.org\" <a@example.org>")));
  EXPECT_FALSE(Fails(kDisplayNameDeceptive, from("Alice <a@example.org>")));
  EXPECT_FALSE(Fails(kDisplayNameDeceptive, from("\"a @ b\" <a@example.org>")));
}

TEST(DisplayNameUnfit, NamesMarksCountersAndProviders) {
  const auto from = [](const char* value) { return To("google").From(value); };
  EXPECT_TRUE(Fails(kDisplayNameUnfit,
                    from("=?utf-8?Q?Shop_=E2=9C=85?= <a@example.org>")));
  EXPECT_TRUE(Fails(kDisplayNameUnfit, from("\"Al (2)\" <a@example.org>")));
  EXPECT_TRUE(Fails(kDisplayNameUnfit, from("gmail.com <a@example.org>")));
  EXPECT_TRUE(
      Fails(kDisplayNameUnfit, from("\"b@r.example\" <a@example.org>")));
  EXPECT_FALSE(Fails(kDisplayNameUnfit, from("\"Al (Shop)\" <a@example.org>")));
  const auto to = [](const char* name, const char* recipient) {
    return FactsBuilder()
        .Recipient(recipient, MailDomain::kHasMx)
        .From("\"" + std::string(name) + "\" <bob.s@example.org>");
  };
  EXPECT_TRUE(
      Fails(kDisplayNameUnfit, to("hello b_jones7", "B_Jones7@r.example")));
  EXPECT_FALSE(Fails(kDisplayNameUnfit, to("Info Desk", "info@r.example")));
  EXPECT_FALSE(Fails(kDisplayNameUnfit, to("bob.s", "bob.s@r.example")));
  EXPECT_FALSE(Fails(kDisplayNameUnfit,
                     from("=?utf-8?Q?J=C3=B6rg_=E2=80=94_Shop?= <a@b.org>")));
}

TEST(LocalPartExotic, FailsOnRestrictedCharacters) {
  for (const char* local : {"a%b", "a$b", "a|b", "\"a b\""})
    EXPECT_TRUE(
        Fails(kLocalPartExotic,
              FactsBuilder().Field("To", std::string(local) + "@example.org")))
        << local;
  for (const char* local : {"a+b", "a=b", "o'neil", "a_b-c.d"})
    EXPECT_FALSE(
        Fails(kLocalPartExotic,
              FactsBuilder().From(std::string(local) + "@example.org")))
        << local;
}

TEST(SubjectMissing, FailsWithoutWords) {
  EXPECT_TRUE(Fails(kSubjectMissing, FactsBuilder()));
  EXPECT_TRUE(Fails(kSubjectMissing, FactsBuilder().Field("Subject", "")));
  EXPECT_FALSE(Fails(kSubjectMissing, FactsBuilder().Field("Subject", "x")));
}

TEST(ReplyToUnusable, KnowsDeadDomainsAndProviders) {
  FactsBuilder builder;
  EXPECT_FALSE(Fails(kReplyToUnusable, builder));
  builder.facts().reply_to_domain = Domain::Parse("gmail.com");
  EXPECT_TRUE(IsUnknown(kReplyToUnusable, builder));
  builder.facts().reply_to_mail_domain = MailDomain::kHasMx;
  EXPECT_TRUE(Fails(kReplyToUnusable, builder));
  builder.facts().reply_to_domain = Domain::Parse("help.example");
  EXPECT_FALSE(Fails(kReplyToUnusable, builder));
  builder.facts().reply_to_mail_domain = MailDomain::kNxDomain;
  EXPECT_TRUE(Fails(kReplyToUnusable, builder));
}

TEST(MimeFieldDuplicate, CountsSingletonsAndEqualSignatures) {
  const auto twice = [](const char* name, const char* a, const char* b) {
    return FactsBuilder().Field(name, a).Field(name, b);
  };
  EXPECT_TRUE(Fails(kMimeFieldDuplicate, twice("MIME-Version", "1.0", "1.0")));
  EXPECT_TRUE(Fails(kMimeFieldDuplicate, twice("DKIM-Signature", "a", "a")));
  EXPECT_FALSE(Fails(kMimeFieldDuplicate, twice("DKIM-Signature", "a", "b")));
}

TEST(TemplateInHeader, KnowsThePlaceholdersOfItsTrade) {
  for (const char* subject :
       {"Hi {{first_name}}", "Hi {{ user.name }}", "Hi *|FNAME|*",
        "Hi %FIRSTNAME%", "Hi [[name]]", "Hi ${name}", "Hi <%= name %>"})
    EXPECT_TRUE(
        Fails(kTemplateInHeader, FactsBuilder().Field("Subject", subject)))
        << subject;
  for (const char* subject : {"50% off, 20% more", "Set {a, b}", "f[[1,2],[3]]",
                              "${}", "[Ticket] {{}}"})
    EXPECT_FALSE(
        Fails(kTemplateInHeader, FactsBuilder().Field("Subject", subject)))
        << subject;
}

}  // namespace
}  // namespace postern
