// From written anew: munged, or rewritten to what a login may use.

#include <gtest/gtest.h>

#include "policy/remedies/remedy.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

struct Munging {
  Config config;
  FactsBuilder builder;

  explicit Munging(const std::string& from) {
    config.munge.domain = Domain::Parse("munged.example");
    builder.From(from);
    builder.facts().config = &config;
    builder.facts().author_domain =
        builder.facts().from.mailboxes.empty()
            ? std::nullopt
            : Domain::Parse(
                  builder.facts().from.mailboxes.front().address.domain);
  }
  // The From that comes of it; empty: it stays.
  std::string From() {
    const Facts facts = builder.Build();
    message = *facts.message;
    if (!MungeFrom(facts, &message)) return "";
    return message.header.Find("From")->Unfolded();
  }
  Message message;
};

TEST(MungeFrom, KeepsTheNameAndTheAddress) {
  const struct {
    const char* from;
    const char* munged;
  } kRows[] = {
      {"Alice <alice@bank.example>",
       "\"Alice via munged.example\" <alice=bank.example@munged.example>"},
      {"alice@bank.example",
       "\"alice via munged.example\" <alice=bank.example@munged.example>"},
      {"\"O'Neil, \\\"Al\\\"\" <a=b@bank.example>",
       "\"O'Neil, \\\"Al\\\" via munged.example\" "
       "<a=b=bank.example@munged.example>"},
      {"=?utf-8?q?J=C3=B6rg?= Mayer <j@bank.example>",
       "=?utf-8?q?J=C3=B6rg?= Mayer \"via munged.example\" "
       "<j=bank.example@munged.example>"},
      {"=?utf-8?q?J=C3=B6rg?= \"a, b\" <j@bank.example>",
       "\"=?utf-8?q?J=C3=B6rg?= a, b via munged.example\" "
       "<j=bank.example@munged.example>"},
      {"J\u00f6rg <j\u00f6rg@b\u00fccher.example>",
       "\"J\u00f6rg via munged.example\" "
       "<j\u00f6rg=xn--bcher-kva.example@munged.example>"},
  };
  for (const auto& [from, munged] : kRows) {
    Munging munging(from);
    EXPECT_EQ(munging.From(), munged) << from;
    // What is written can be read again, one mailbox.
    const AddressList again =
        ParseAddressList(munging.message.header.Find("From")->value);
    EXPECT_EQ(again.error, "") << from;
    EXPECT_EQ(again.mailboxes.size(), 1u) << from;
  }
}

TEST(MungeFrom, TheLastEqualsSignGivesTheAuthorBack) {
  Munging munging("a=b@bank.example");
  (void)munging.From();
  const AddressList list =
      ParseAddressList(munging.message.header.Find("From")->value);
  std::string local = list.mailboxes.front().address.local_part;
  local[local.rfind('=')] = '@';
  EXPECT_EQ(local, "a=b@bank.example");
}

TEST(MungeFrom, TheAuthorStaysReachable) {
  Munging munging("Alice <alice@bank.example>");
  (void)munging.From();
  const Header& header = munging.message.header;
  EXPECT_EQ(header.Find("Reply-To")->Unfolded(),
            "\"Alice\" <alice@bank.example>");
  EXPECT_EQ(header.Find("X-Original-From")->Unfolded(),
            "\"Alice\" <alice@bank.example>");
}

TEST(MungeFrom, AReplyToOfTheAuthorsStays) {
  Munging munging("Alice <alice@bank.example>");
  munging.builder.Field("Reply-To", "desk@bank.example");
  (void)munging.From();
  const Header& header = munging.message.header;
  EXPECT_EQ(header.Count("Reply-To"), 1u);
  EXPECT_EQ(header.Find("Reply-To")->Unfolded(), "desk@bank.example");
}

TEST(MungeFrom, IsNotDoneWhereItCannotOrMustNot) {
  Munging quoted("\"a b\"@bank.example");
  EXPECT_EQ(quoted.From(), "");
  Munging too_long(std::string(60, 'a') + "@bank.example");
  EXPECT_EQ(too_long.From(), "");
  Munging ours("alice@munged.example");
  EXPECT_EQ(ours.From(), "");
  Munging two("a@bank.example, b@bank.example");
  two.builder.facts().author_domain.reset();
  EXPECT_EQ(two.From(), "");
  Munging not_wanted("alice@bank.example");
  not_wanted.config.munge = {};
  EXPECT_EQ(not_wanted.From(), "");
}

TEST(MungeFrom, LeavesAnAlignedSignatureAloneAndNoOther) {
  for (const Alignment alignment :
       {Alignment::kAligned, Alignment::kUnknown, Alignment::kNotAligned}) {
    Munging munging("alice@bank.example");
    munging.builder.Dkim(DkimResult::kPass, "esp.example");
    munging.builder.facts().dkim.back().alignment = alignment;
    EXPECT_EQ(munging.From().empty(), alignment != Alignment::kNotAligned);
  }
}

TEST(MungeFrom, AnEndlessNameIsLeftOut) {
  Munging munging(std::string(5000, 'x') + " <alice@bank.example>");
  EXPECT_EQ(munging.From(),
            "\"alice via munged.example\" <alice=bank.example@munged.example>");
}

TEST(MungeFrom, OneAddressForAll) {
  Munging munging("Alice <alice@bank.example>");
  munging.config.munge = {.address = "lists@example.net", .domain = {}};
  EXPECT_EQ(munging.From(), "\"Alice via example.net\" <lists@example.net>");
}

TEST(RewriteAuthor, TakesTheLoginsOwnAddress) {
  FactsBuilder builder;
  builder.From("Boss <boss@example.org>").Field("Sender", "boss@example.org");
  builder.facts().sender_permission.identity = "alice@example.org";
  const Facts facts = builder.Build();
  Message message = *facts.message;
  ASSERT_TRUE(RewriteAuthor(facts, &message));
  EXPECT_EQ(message.header.Find("From")->Unfolded(),
            "\"Boss\" <alice@example.org>");
  EXPECT_EQ(message.header.Find("Reply-To")->Unfolded(),
            "\"Boss\" <boss@example.org>");
  EXPECT_EQ(message.header.Find("Sender"), nullptr);
}

TEST(RewriteAuthor, LeavesASignedFromAlone) {
  FactsBuilder builder;
  builder.From("boss@example.org").Dkim(DkimResult::kPass);
  builder.facts().dkim.back().signed_headers = {"from"};
  builder.facts().sender_permission.identity = "alice@example.org";
  const Facts facts = builder.Build();
  Message message = *facts.message;
  EXPECT_FALSE(RewriteAuthor(facts, &message));
}

TEST(RewriteSender, DoesNotMakeANullReversePathAskForBounces) {
  FactsBuilder builder;
  builder.facts().sender_permission.identity = "alice@example.org";
  const Facts facts = builder.Build();
  Message message = *facts.message;
  EXPECT_FALSE(RewriteSender(facts, &message));
  message.envelope.mail_from = "boss@example.org";
  EXPECT_TRUE(RewriteSender(facts, &message));
  EXPECT_EQ(message.envelope.mail_from, "alice@example.org");
}

}  // namespace
}  // namespace postern
