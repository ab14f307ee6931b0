#include "policy/facts/body_shape.h"

#include <algorithm>
#include <random>
#include <string>

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

// What the shape means, one octet at a time.
BodyShape PlainShapeOf(std::string_view body) {
  BodyShape shape;
  std::size_t line = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const bool after_cr = i > 0 && body[i - 1] == '\r';
    if (static_cast<unsigned char>(body[i]) >= 0x80) shape.has_eight_bit = true;
    if (body[i] == '\0') shape.has_nul = true;
    if (after_cr && body[i] != '\n') shape.has_bare_cr = true;
    if (body[i] != '\n') continue;
    if (!after_cr) shape.has_bare_lf = true;
    shape.longest_line =
        std::max(shape.longest_line, i - line - (after_cr ? 1 : 0));
    line = i + 1;
  }
  if (body.ends_with('\r')) shape.has_bare_cr = true;
  shape.longest_line = std::max(shape.longest_line, body.size() - line);
  return shape;
}

TEST(ShapeOf, AgreesWithThePlainReadingOnRandomOctets) {
  constexpr std::string_view kOctets("\r\n\r\n\0\xe4 abcdefghijklm", 21);
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string body(random() % 70, 'x');
    // Most have lines only, some have everything.
    const std::size_t first = random() % 2 == 0 ? 0 : 6;
    for (char& c : body)
      if (random() % 4 == 0)
        c = kOctets[first + random() % (kOctets.size() - first)];
    if (random() % 2 == 0) body += "\r\n";
    const BodyShape shape = ShapeOf(body), plain = PlainShapeOf(body);
    ASSERT_EQ(shape.longest_line, plain.longest_line) << body;
    ASSERT_EQ(shape.has_bare_cr, plain.has_bare_cr) << body;
    ASSERT_EQ(shape.has_bare_lf, plain.has_bare_lf) << body;
    ASSERT_EQ(shape.has_eight_bit, plain.has_eight_bit) << body;
    ASSERT_EQ(shape.has_nul, plain.has_nul) << body;
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
