// The remedies that need the operator's words: Subject, masquerade, expendable
// fields, From of the login, the true type of an attachment.

#include <gtest/gtest.h>

#include "policy/facts/attachments.h"
#include "policy/message/mime.h"
#include "policy/remedies/remedy.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

using Mending = bool (*)(const Facts&, Message*);

Message After(Mending remedy, FactsBuilder builder, const Config& config,
              bool expect_change = true) {
  Facts facts = builder.Build();
  facts.config = &config;
  Message message = *facts.message;
  EXPECT_EQ(remedy(facts, &message), expect_change);
  return message;
}

std::string Value(const Message& message, std::string_view name) {
  const HeaderField* field = message.header.Find(name);
  return field == nullptr ? "none" : field->Unfolded();
}

Config With(void (*set)(Config*)) {
  Config config = PlainConfig();
  set(&config);
  return config;
}

TEST(AddSubject, IsTheOperators) {
  const Config config =
      With([](Config* made) { made->default_subject = "From Example"; });
  EXPECT_EQ(Value(After(AddSubject, FactsBuilder(), config), "Subject"),
            "From Example");
  EXPECT_EQ(
      Value(After(AddSubject, FactsBuilder().Field("Subject", ""), config),
            "Subject"),
      "From Example");
  After(AddSubject, FactsBuilder().Field("Subject", "x"), config, false);
  After(AddSubject, FactsBuilder(), PlainConfig(), false);
  FactsBuilder forwarded;
  forwarded.facts().is_forwarded = true;
  After(AddSubject, forwarded, config, false);
}

Config Masquerading() {
  return With([](Config* config) {
    config->masquerade = {
        {*Domain::Parse("internal"), Domain::Parse("example.org")},
        {*Domain::Parse("lab.internal"), Domain::Parse("lab.example.org")}};
  });
}

TEST(MasqueradeAuthor, ChangesDomainsAlone) {
  const Message message = After(
      MasqueradeAuthor,
      FactsBuilder()
          .From("\"Joe, joe@pc7.internal\" <joe@PC7.internal>")
          .Field("Reply-To", "a@x.lab.internal, b@x.example, c@y.internal.net")
          .Field("To", "d@pc7.internal")
          .MailFrom("joe@pc7.internal"),
      Masquerading());
  EXPECT_EQ(Value(message, "From"),
            "\"Joe, joe@example.org\" <joe@example.org>");
  EXPECT_EQ(Value(message, "Reply-To"),
            "a@lab.example.org, b@x.example, c@y.internal.net");
  EXPECT_EQ(Value(message, "To"), "d@pc7.internal");
  EXPECT_EQ(message.envelope.mail_from, "joe@example.org");
}

TEST(MasqueradeAuthor, LeavesWhatIsPublicOrSigned) {
  After(MasqueradeAuthor, FactsBuilder().From("joe@example.org"),
        Masquerading(), false);
  FactsBuilder signed_by_others;
  signed_by_others.From("joe@pc7.internal")
      .Dkim(DkimResult::kPass, "other.example");
  signed_by_others.facts().dkim.back().signed_headers = {"From"};
  After(MasqueradeAuthor, signed_by_others, Masquerading(), false);
}

TEST(DropExpendableFields, ByNameAndByBeginning) {
  const Config config = With(
      [](Config* made) { made->expendable_fields = {"X-Build-*", "X-Trace"}; });
  const Message message = After(DropExpendableFields,
                                FactsBuilder()
                                    .Field("X-Build-A", "1")
                                    .Field("x-build-b", "2")
                                    .Field("X-Trace", "3")
                                    .Field("X-Traces", "4"),
                                config);
  EXPECT_EQ(message.header.fields().size(), 1U);
  EXPECT_EQ(Value(message, "X-Traces"), "4");
}

TEST(AddAuthor, IsWhoeverSends) {
  FactsBuilder builder;
  builder.MailFrom("joe@example.org");
  EXPECT_EQ(Value(After(AddAuthor, builder, PlainConfig()), "From"),
            "joe@example.org");
  builder.facts().sender_permission.own_address = "j.doe@example.org";
  EXPECT_EQ(Value(After(AddAuthor, builder, PlainConfig()), "From"),
            "j.doe@example.org");
  builder.facts().sender_permission = {.envelope = Permission::kForbidden};
  After(AddAuthor, builder, PlainConfig(), false);
  After(AddAuthor, FactsBuilder().MailFrom(""), PlainConfig(), false);
  After(AddAuthor, FactsBuilder().From("x@y.example").MailFrom("a@b.example"),
        PlainConfig(), false);
}

Message WithTrueType(const std::string& octets, bool expect_change) {
  ParsedOctets parsed = ParseOctets(octets);
  FactsBuilder builder;
  builder.message().header = std::move(parsed.header);
  builder.message().body = std::move(parsed.body);
  Facts facts = builder.Build();
  facts.mime = ReadMime(facts.message->header, facts.message->body);
  facts.attachments =
      GatherAttachments(facts.mime, facts.message->body.bytes(), {});
  Message message = *facts.message;
  EXPECT_EQ(CorrectAttachmentTypes(facts, &message), expect_change);
  return message;
}

constexpr const char* kPdf = "%PDF-1.4\r\n1 0 obj\r\n<<>>\r\nendobj\r\n";

TEST(CorrectAttachmentTypes, OfOnePartAndOfTheWhole) {
  const std::string head =
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
      "Content-Disposition: attachment\r\nContent-Type:\r\n image/png; x=y"
      "\r\n\r\n";
  const Message message = WithTrueType(head + kPdf + "--b--\r\n", true);
  const std::string body(message.body.bytes());
  EXPECT_NE(body.find("Content-Type:\r\n application/pdf; x=y\r\n\r\n%PDF"),
            body.npos)
      << body;
  EXPECT_EQ(
      Value(WithTrueType("Content-Type: image/png\r\nContent-Disposition: "
                         "attachment\r\n\r\n" +
                             std::string(kPdf),
                         true),
            "Content-Type"),
      "application/pdf");
}

TEST(CorrectAttachmentTypes, LeavesNamesAndProgramsAlone) {
  WithTrueType(
      "Content-Type: image/png; name=a.png\r\nContent-Disposition: "
      "attachment\r\n\r\n" +
          std::string(kPdf),
      false);
  WithTrueType(
      "Content-Type: image/png\r\nContent-Disposition: attachment\r\n"
      "\r\n\x7f"
      "ELF\x02\x01\x01\r\n",
      false);
}

}  // namespace
}  // namespace postern
