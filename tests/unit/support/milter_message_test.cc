#include "tests/support/milter_message.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

using namespace std::string_literals;
using Op = MilterEdit::Op;

std::string Applied(std::vector<MilterEdit> edits) {
  MilterMessage message;
  message.headers = {{"A", " 1"}, {"B", " 2"}, {"a", " 3"}};
  message.own_received = " by mx";
  MilterOutcome outcome;
  outcome.edits = std::move(edits);
  return MessageBytes(ApplyEdits(message, outcome));
}

TEST(ApplyEdits, InsertCountsTheMtasOwnReceived) {
  EXPECT_EQ(Applied({{Op::kInsertHeader, 0, "X", " 0", ""},
                     {Op::kInsertHeader, 1, "X", " 1", ""}}),
            "X: 0\r\nX: 1\r\nReceived: by mx\r\nA: 1\r\nB: 2\r\na: 3\r\n\r\n");
}

TEST(ApplyEdits, InsertBeyondTheEndAppends) {
  EXPECT_EQ(Applied({{Op::kInsertHeader, 99, "X", " 0", ""}}),
            "Received: by mx\r\nA: 1\r\nB: 2\r\na: 3\r\nX: 0\r\n\r\n");
}

TEST(ApplyEdits, DeletionRenumbersAsPostfixDoes) {
  EXPECT_EQ(Applied({{Op::kChangeHeader, 1, "A", "", ""},
                     {Op::kChangeHeader, 1, "A", " new", ""}}),
            "Received: by mx\r\nB: 2\r\nA: new\r\n\r\n");
}

TEST(ApplyEdits, ChangeBeyondTheLastAppendsAndDeleteDoesNot) {
  EXPECT_EQ(Applied({{Op::kChangeHeader, 7, "B", " new", ""},
                     {Op::kChangeHeader, 7, "B", "", ""}}),
            "Received: by mx\r\nA: 1\r\nB: 2\r\na: 3\r\nB: new\r\n\r\n");
}

TEST(ApplyEdits, ChangeLeavesTheHiddenReceivedAlone) {
  EXPECT_EQ(Applied({{Op::kChangeHeader, 1, "Received", "", ""}}),
            "Received: by mx\r\nA: 1\r\nB: 2\r\na: 3\r\n\r\n");
}

TEST(ApplyEdits, EnvelopeFollowsTheEdits) {
  MilterOutcome outcome;
  outcome.edits = {{Op::kChangeSender, 0, "", "n@example.com", "RET=HDRS"},
                   {Op::kAddRecipient, 0, "", "<c@example.net>", ""},
                   {Op::kDeleteRecipient, 0, "", "b@example.net", ""}};
  const MilterMessage sent = ApplyEdits({}, outcome);
  EXPECT_EQ(sent.mail_from, "<n@example.com>");
  EXPECT_EQ(sent.mail_args, std::vector<std::string>{"RET=HDRS"});
  ASSERT_EQ(sent.recipients.size(), 1U);
  EXPECT_EQ(sent.recipients[0].address, "<c@example.net>");
}

TEST(ApplyEdits, RecipientRefusedAtRcptIsLeftOut) {
  MilterMessage message;
  message.recipients = {{"<b@example.net>", {}}, {"<c@example.net>", {}}};
  MilterOutcome outcome;
  outcome.recipient_replies = {{MilterVerdict::kReject, "", ""},
                               {MilterVerdict::kContinue, "", ""}};
  const MilterMessage sent = ApplyEdits(message, outcome);
  ASSERT_EQ(sent.recipients.size(), 1U);
  EXPECT_EQ(sent.recipients[0].address, "<c@example.net>");
}

TEST(MessageBytes, RoundTripKeepsFoldsAndOddOctets) {
  const std::string bytes =
      "A: one\r\n\ttwo\r\nB:\xc3\xa4\r\nC:\r\n\r\nbody\r\n\0\rx\n"s;
  EXPECT_EQ(MessageBytes(MessageFromBytes(bytes)), bytes);
}

TEST(MessageFromBytes, EmptyBytesAreAnEmptyMessage) {
  EXPECT_TRUE(MessageFromBytes("").headers.empty());
  EXPECT_EQ(MessageFromBytes("\r\nx").body, "x");
  EXPECT_EQ(MessageFromBytes("no colon").headers.at(0).name, "no colon");
}

MilterMacros MacrosAt(const MacroQuestion& question, MtaFlavour flavour) {
  MilterMessage message;
  message.login = "ann";
  message.recipients.push_back({"<c@example.net>", {}});
  return StageMacros({.flavour = flavour}, message, question);
}

bool Has(const MilterMacros& macros, const std::string& name) {
  for (const auto& macro : macros) {
    if (macro.first == name) return true;
  }
  return false;
}

TEST(StageMacros, PostfixGivesTheQueueIdFromTheSecondRecipientOn) {
  const auto kPostfix = MtaFlavour::kPostfix;
  EXPECT_FALSE(Has(MacrosAt({.command = 'M'}, kPostfix), "i"));
  EXPECT_TRUE(Has(MacrosAt({.command = 'M'}, kPostfix), "{auth_authen}"));
  EXPECT_FALSE(Has(MacrosAt({.command = 'R'}, kPostfix), "i"));
  EXPECT_TRUE(Has(MacrosAt({.command = 'R', .recipient = 1}, kPostfix), "i"));
  EXPECT_TRUE(Has(MacrosAt({.command = 'E'}, kPostfix), "i"));
}

TEST(StageMacros, SendmailGivesTheQueueIdAtMail) {
  EXPECT_TRUE(Has(MacrosAt({.command = 'M'}, MtaFlavour::kSendmail), "i"));
  EXPECT_TRUE(
      Has(MacrosAt({.command = 'E'}, MtaFlavour::kSendmail), "{msg_id}"));
}

TEST(StageMacros, NamesAskedForReplaceTheUsualOnes) {
  const std::vector<std::string> asked = {"{auth_authen}", "{no_such}"};
  EXPECT_EQ(MacrosAt({.command = 'E', .asked = &asked}, MtaFlavour::kPostfix),
            (MilterMacros{{"{auth_authen}", "ann"}}));
}

TEST(StageMacros, ExtraMacrosReplaceByName) {
  MilterMessage message;
  message.extra_macros['E'] = {{"i", "other"}, {"x", "y"}};
  EXPECT_EQ(StageMacros({}, message, {.command = 'E'}),
            (MilterMacros{{"i", "other"}, {"x", "y"}}));
}

}  // namespace
}  // namespace postern
