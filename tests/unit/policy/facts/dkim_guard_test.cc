#include "policy/facts/dkim_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace postern {
namespace {

using testing::HasSubstr;

constexpr TimePoint kNow{std::chrono::seconds(1'783'000'000)};

TEST(ReadSignature, RefusesOverLongNames) {
  for (const char* tag : {"d", "s", "i"}) {
    const auto signature = ReadSignature(
        "v=1; h=from; " +
            (std::string(tag) == "d" ? "" : std::string("d=x.example; ")) +
            (std::string(tag) == "s" ? "" : std::string("s=s; ")) + tag + "=" +
            std::string(256, 'a'),
        kNow);
    EXPECT_EQ(signature.result, DkimResult::kPermError);
    EXPECT_THAT(signature.reason, HasSubstr("longer than 255"));
  }
}

TEST(ReadSignature, RefusesTimesAndLengthsThatAreNone) {
  for (const char* tag : {"x=", "x=soon", "x=-1", "x=89999999999999999999999",
                          "t=1e9", "l=ten", "l=-1", "l="})
    EXPECT_EQ(ReadSignature(
                  std::string("v=1; d=x.example; s=s; h=from; ") + tag, kNow)
                  .result,
              DkimResult::kPermError)
        << tag;
}

TEST(ReadSignature, RefusesWhatDoesNotSignFrom) {
  const auto signature =
      ReadSignature("v=1; a=rsa-sha256; d=x.example; s=s; h=to:subject", kNow);
  EXPECT_EQ(signature.result, DkimResult::kPermError);
  EXPECT_EQ(signature.reason, "h= does not name From");
}

// RFC 8301 s.3.1.
TEST(ReadSignature, CountsSha1AsFailed) {
  const auto signature =
      ReadSignature("v=1; a=RSA-SHA1; d=x.example; s=s; h=from", kNow);
  EXPECT_EQ(signature.result, DkimResult::kPermError);
  EXPECT_THAT(signature.reason, HasSubstr("rsa-sha1"));
}

TEST(ReadSignature, TellsTheLengthThatIsSigned) {
  const auto length = [](const char* tags) {
    return ReadSignature(std::string("v=1; d=x.example; s=s; h=from") + tags,
                         kNow)
        .body_bytes;
  };
  EXPECT_EQ(length(""), std::nullopt);
  EXPECT_EQ(length("; l=0"), 0u);
  EXPECT_EQ(length("; l=18446744073709551615"), UINT64_MAX);
}

TEST(HandedOver, HasMoreFieldsThanNames) {
  Header header;
  header.Receive("From", " a@example.org");
  header.Receive("X-Unsigned", " x");
  header.Receive("DKIM-Signature", " v=1");
  const auto fields =
      HandedOver(header, header.fields()[2], {"from", "from", "subject", "to"});
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->size(), 5u);
  EXPECT_EQ((*fields)[0], "From: a@example.org");
  EXPECT_EQ((*fields)[1], "DKIM-Signature: v=1");
  EXPECT_TRUE((*fields)[4].starts_with("x-pad-"));
}

TEST(HandedOver, RefusesTooMuchWork) {
  Header header;
  header.Receive("From", " a@example.org");
  header.Receive("DKIM-Signature", " v=1");
  const HeaderField signature = header.fields()[1];
  EXPECT_FALSE(
      HandedOver(header, signature, std::vector<std::string>(1'001, "from")));
  EXPECT_FALSE(HandedOver(header, signature, {"from", "dkim-signature"}));
  for (int i = 0; i < 3'000; ++i) header.Receive("X", "");
  EXPECT_FALSE(
      HandedOver(header, signature, std::vector<std::string>(700, "x")));
}

}  // namespace
}  // namespace postern
