#include "tests/support/milter_answer.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

using namespace std::string_literals;

TEST(MilterAnswer, ReplyCodeCarriesItsText) {
  const MilterReply reply = ReplyOfPacket({'y', "550 5.7.1 No\0"s});
  EXPECT_EQ(reply.verdict, MilterVerdict::kReplyCode);
  EXPECT_EQ(reply.text, "550 5.7.1 No");
  EXPECT_FALSE(reply.goes_on());
}

TEST(MilterAnswer, ReplyCodeOfAnotherClassIsAFailure) {
  EXPECT_NE(ReplyOfPacket({'y', "250 Ok\0"s}).failure, "");
  EXPECT_NE(ReplyOfPacket({'y', "5x0 No\0"s}).failure, "");
  EXPECT_NE(ReplyOfPacket({'y', "550 unterminated"}).failure, "");
  EXPECT_NE(ReplyOfPacket({'y', ""}).failure, "");
}

TEST(MilterAnswer, UnknownLetterIsNoVerdict) {
  EXPECT_NE(ReplyOfPacket({'?', ""}).failure, "");
  EXPECT_NE(ReplyOfPacket({'\0', ""}).failure, "");
}

TEST(MilterAnswer, InsertHeaderHasIndexNameAndValue) {
  const auto edit = EditOfPacket({'i', "\0\0\0\2X-A\0 one\n two\0"s}, true);
  ASSERT_TRUE(edit);
  EXPECT_EQ(edit->op, MilterEdit::Op::kInsertHeader);
  EXPECT_EQ(edit->index, 2U);
  EXPECT_EQ(edit->name, "X-A");
  EXPECT_EQ(edit->value, " one\n two");
}

TEST(MilterAnswer, ValueGetsItsSpaceWhenTheFilterLeavesItToTheMta) {
  EXPECT_EQ(EditOfPacket({'h', "X-A\0v\0"s}, false)->value, " v");
  EXPECT_EQ(EditOfPacket({'h', "X-A\0v\0"s}, true)->value, "v");
  EXPECT_EQ(EditOfPacket({'m', "\0\0\0\1X-A\0\0"s}, false)->value, "");
}

TEST(MilterAnswer, MalformedEditsFail) {
  EXPECT_FALSE(EditOfPacket({'i', "\0\0\0"s}, true));
  EXPECT_FALSE(EditOfPacket({'i', "\0\0\0\1X-A\0v"s}, true));
  EXPECT_FALSE(EditOfPacket({'h', "X-A\0"s}, true));
  EXPECT_FALSE(EditOfPacket({'h', "\0v\0"s}, true));
  EXPECT_FALSE(EditOfPacket({'h', "X\0v\0extra\0"s}, true));
  EXPECT_FALSE(EditOfPacket({'-', ""}, true));
  EXPECT_FALSE(EditOfPacket({'z', "x\0"s}, true));
}

TEST(MilterAnswer, NonAsciiAndBareCrPassUnchanged) {
  EXPECT_EQ(EditOfPacket({'h', "X\0\xc3\xa4\r!\0"s}, true)->value,
            "\xc3\xa4\r!");
}

TEST(MilterAnswer, TermsCarryMacroNames) {
  const std::string payload =
      "\0\0\0\6\0\0\0\x11\0\x10\0\x80\0\0\0\2i {auth_authen}\0"s;
  const auto terms = TermsOfPacket({'O', payload}, {});
  ASSERT_TRUE(terms);
  EXPECT_EQ(terms->actions, 0x11U);
  EXPECT_EQ(terms->protocol, 0x100080U);
  EXPECT_EQ(terms->macro_names.at('M'),
            (std::vector<std::string>{"i", "{auth_authen}"}));
}

TEST(MilterAnswer, TermsBeyondTheOfferFail) {
  const std::string payload = "\0\0\0\6\0\0\0\x11\0\0\0\0"s;
  EXPECT_FALSE(TermsOfPacket({'O', payload}, {.actions = 1}));
  EXPECT_FALSE(TermsOfPacket({'O', payload.substr(0, 11)}, {}));
  EXPECT_FALSE(TermsOfPacket({'O', payload + "\0\0\0\2no end"s}, {}));
  EXPECT_FALSE(TermsOfPacket({'O', payload + "\0\0\0\x09i\0"s}, {}));
  EXPECT_FALSE(TermsOfPacket({'c', payload}, {}));
}

}  // namespace
}  // namespace postern
