#include "policy/facts/body_shape.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(ShapeOf, CountsTheLongestLineWithoutItsEnd) {
  EXPECT_EQ(ShapeOf("ab\r\nabcd\r\nabc").longest_line, 4u);
  EXPECT_EQ(ShapeOf("").longest_line, 0u);
}

TEST(ShapeOf, TellsLoneLineEnds) {
  EXPECT_FALSE(ShapeOf("a\r\nb\r\n").has_bare_cr);
  EXPECT_FALSE(ShapeOf("a\r\nb\r\n").has_bare_lf);
  EXPECT_TRUE(ShapeOf("a\nb\r\n").has_bare_lf);
  EXPECT_TRUE(ShapeOf("a\rb\r\n").has_bare_cr);
  EXPECT_TRUE(ShapeOf("a\r\r\n").has_bare_cr);
  EXPECT_TRUE(ShapeOf("a\r").has_bare_cr);
}

TEST(ShapeOf, SeesEightBitAndNulAnywhere) {
  for (std::size_t at = 0; at < 20; ++at) {
    std::string body(20, 'a');
    body[at] = '\xe4';
    EXPECT_TRUE(ShapeOf(body).has_eight_bit) << at;
    body[at] = '\0';
    EXPECT_TRUE(ShapeOf(body).has_nul) << at;
    EXPECT_FALSE(ShapeOf(body).has_eight_bit) << at;
  }
}

TEST(WireBytes, CountsFoldsAsCrlf) {
  Header header;
  header.Receive("A", " b\n c");
  const Body body = Body::FromString("xy\r\n");
  EXPECT_EQ(WireBytes(header, body),
            static_cast<std::int64_t>(ToOctets(header, body).size()));
}

}  // namespace
}  // namespace postern
