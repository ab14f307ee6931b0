#include "policy/message/body.h"

#include <memory>
#include <string>
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

TEST(BodyWriter, KeepsALargeBodyInThePool) {
  const std::shared_ptr<BodyPool> pool = BodyPool::Make(2'000'000);
  BodyWriter writer("/nonexistent", pool);
  std::string expected;
  for (int i = 0; i < 15; ++i) {
    const std::string chunk(65'000, static_cast<char>('a' + i));
    ASSERT_TRUE(writer.Append(chunk));
    expected += chunk;
  }
  BodyWriter moved(std::move(writer));
  const Result<Body> body = moved.Finish();
  ASSERT_TRUE(body);
  EXPECT_TRUE(body->bytes() == expected);
  EXPECT_EQ(pool->touched_bytes(), expected.size());
}

TEST(BodyWriter, GoesToTheSpoolWhenThePoolIsUsedUp) {
  const std::shared_ptr<BodyPool> pool = BodyPool::Make(600'000);
  BodyWriter first(testing::TempDir(), pool);
  BodyWriter second(testing::TempDir(), pool);
  std::string expected;
  for (int i = 0; i < 8; ++i) {
    const std::string chunk(60'000, static_cast<char>('a' + i));
    ASSERT_TRUE(first.Append(chunk));
    ASSERT_TRUE(second.Append(chunk));
    expected += chunk;
  }
  const Result<Body> one = first.Finish();
  const Result<Body> other = second.Finish();
  ASSERT_TRUE(one);
  ASSERT_TRUE(other);
  EXPECT_TRUE(one->bytes() == expected);
  EXPECT_TRUE(other->bytes() == expected);
  EXPECT_LE(pool->touched_bytes(), 600'000u);
}

TEST(BodyPool, GivesBackWhatABodyHasLeft) {
  const std::shared_ptr<BodyPool> pool = BodyPool::Make(1'000'000);
  for (int i = 0; i < 20; ++i) {
    const std::unique_ptr<BodyPool::Region> region = pool->Take();
    ASSERT_NE(region, nullptr);
    EXPECT_TRUE(region->Grow(900'000));
    region->octets()[899'999] = 'x';
    EXPECT_FALSE(region->Grow(1'100'000));
    EXPECT_TRUE(region->Grow(900'000));
  }
  EXPECT_EQ(pool->touched_bytes(), 900'000u);
}

TEST(BodyPool, LetsGoOfWhatLiesIdleForOneThatGrows) {
  const std::shared_ptr<BodyPool> pool = BodyPool::Make(1'000'000);
  const std::unique_ptr<BodyPool::Region> small = pool->Take();
  ASSERT_TRUE(pool->Take()->Grow(700'000));  // given back at once
  EXPECT_TRUE(small->Grow(800'000));
  EXPECT_EQ(pool->touched_bytes(), 800'000u);
}

TEST(BodyPool, IsOutlivedByNoRegion) {
  std::shared_ptr<BodyPool> pool = BodyPool::Make(1'000'000);
  const std::unique_ptr<BodyPool::Region> region = pool->Take();
  pool.reset();
  EXPECT_TRUE(region->Grow(1'000));
}

}  // namespace
}  // namespace postern
