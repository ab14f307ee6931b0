#include "policy/message/wire_field.h"

#include <gtest/gtest.h>

#include <string>

namespace postern {
namespace {

TEST(WireField, WritesFoldsAsCrlf) {
  EXPECT_EQ(WireField("To", " a,\n b"), "To: a,\r\n b");
  EXPECT_EQ(WireField("To", " a,\r\n b"), "To: a,\r\n b");
  EXPECT_EQ(WireField("X", ""), "X:");
}

TEST(IsConveyable, TakesFoldsAndEightBit) {
  EXPECT_TRUE(IsConveyable(""));
  EXPECT_TRUE(IsConveyable(" a\n b\r\n\tc \xff\v"));
}

TEST(IsConveyable, RefusesNulBareCrAndStrayLineBreaks) {
  EXPECT_FALSE(IsConveyable(std::string("a\0b", 3)));
  EXPECT_FALSE(IsConveyable("a\rb"));
  EXPECT_FALSE(IsConveyable("a\r"));
  EXPECT_FALSE(IsConveyable("a\nBcc: b"));
  EXPECT_FALSE(IsConveyable("a\n"));
}

}  // namespace
}  // namespace postern
