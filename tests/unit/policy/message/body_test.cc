#include "policy/message/body.h"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace postern {
namespace {

using testing::HasSubstr;

TEST(Body, IsEmptyAtFirst) {
  EXPECT_EQ(Body().bytes(), "");
  EXPECT_EQ(Body::FromString("").size(), 0u);
}

TEST(Body, CopiesShareTheBytes) {
  const Body body = Body::FromString("a\r\n\0b");
  const Body copy = body;
  EXPECT_EQ(copy.bytes().data(), body.bytes().data());
}

TEST(BodyWriter, KeepsSmallBodiesInMemory) {
  BodyWriter writer("/nonexistent");
  ASSERT_TRUE(writer.Append(std::string(Body::kMemoryBytes, 'x')));
  const Result<Body> body = writer.Finish();
  ASSERT_TRUE(body);
  EXPECT_EQ(body->size(), Body::kMemoryBytes);
}

TEST(BodyWriter, SpoolsThirtyMegabytesAndReadsThemBack) {
  BodyWriter writer(testing::TempDir());
  std::string expected;
  for (int i = 0; i < 480; ++i) {
    const std::string chunk(65536, static_cast<char>('a' + i % 26));
    ASSERT_TRUE(writer.Append(chunk));
    expected += chunk;
  }
  EXPECT_EQ(writer.size(), expected.size());
  const Result<Body> body = writer.Finish();
  ASSERT_TRUE(body);
  EXPECT_TRUE(body->bytes() == expected);
}

TEST(BodyWriter, NamesTheDirectoryThatFails) {
  BodyWriter writer("/nonexistent");
  const Result<void> result =
      writer.Append(std::string(Body::kMemoryBytes + 1, 'x'));
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("/nonexistent"));
  EXPECT_THAT(result.error().message, HasSubstr("No such file"));
}

TEST(BodyWriter, ReportsAFullDisk) {
  // The device is always full; as a directory it is refused sooner.
  BodyWriter writer("/dev/full");
  EXPECT_FALSE(writer.Append(std::string(Body::kMemoryBytes + 1, 'x')));
}

TEST(BodyWriter, MovesWithItsSpool) {
  BodyWriter first(testing::TempDir());
  ASSERT_TRUE(first.Append(std::string(Body::kMemoryBytes, 'x')));
  ASSERT_TRUE(first.Append("y"));
  BodyWriter second(std::move(first));
  BodyWriter third("/nonexistent");
  third = std::move(second);
  const Result<Body> body = third.Finish();
  ASSERT_TRUE(body);
  EXPECT_EQ(body->bytes().back(), 'y');
}

}  // namespace
}  // namespace postern
