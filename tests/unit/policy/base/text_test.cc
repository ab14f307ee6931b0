#include "policy/base/text.h"

#include <array>

#include <gtest/gtest.h>

#include "policy/base/smtp_reply.h"

namespace postern {
namespace {

TEST(Base64, RoundTripsAllLengths) {
  std::string octets;
  for (int i = 0; i < 70; ++i) {
    EXPECT_EQ(Base64Decode(Base64Encode(octets)), octets);
    octets += static_cast<char>(i * 37);
  }
}

TEST(Base64, IgnoresFoldsAndRefusesForeignOctets) {
  EXPECT_EQ(Base64Decode("YW\r\n Jj"), "abc");
  for (const char* text : {"YWJj=", "YW=j", "Y", "YW*j", "=", "===="})
    EXPECT_FALSE(Base64Decode(text)) << text;
}

TEST(EscapeForLog, LeavesNoControlCharacter) {
  EXPECT_EQ(EscapeForLog("a\n\x1b[0m\"b\\"), "a\\x0a\\x1b[0m\\\"b\\\\");
  EXPECT_EQ(EscapeForLog(std::string(300, 'x'), 10), "xxxxxxxxxx...");
}

TEST(NearestName, FindsTheOneMeant) {
  const std::array<std::string, 3> names = {"action", "otherwise", "socket"};
  EXPECT_EQ(NearestName("acton", names), "action");
  EXPECT_EQ(NearestName("otehrwise", names), "otherwise");
  EXPECT_FALSE(NearestName("deadline", names));
}

TEST(Split, KeepsEmptyPieces) {
  EXPECT_EQ(Split("a,,b", ',').size(), 3u);
  EXPECT_EQ(Split("", ',').size(), 1u);
}

TEST(Reply, IsOnePrintableLine) {
  const Reply reply = Reply::Make(550, {5, 7, 26}, "not\r\nsent \xc3\xa4");
  EXPECT_EQ(reply.ToString(), "550 5.7.26 not??sent ??");
  EXPECT_FALSE(reply.is_transient());
}

}  // namespace
}  // namespace postern
