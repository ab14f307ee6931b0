#include "tests/bench/corpus.h"

#include <gtest/gtest.h>

#include "tests/bench/encoding.h"

namespace postern {
namespace {

// The sizes of 20 messages of one kind, with header.
std::pair<std::size_t, std::size_t> SmallestAndLargest(MailKind kind) {
  std::size_t smallest = SIZE_MAX;
  std::size_t largest = 0;
  for (const MilterMessage& message : MakeCorpus({.kind = kind, .size = 20})) {
    const std::size_t size = MessageBytes(message).size();
    smallest = std::min(smallest, size);
    largest = std::max(largest, size);
  }
  return {smallest, largest};
}

std::size_t LongestLine(const std::string& bytes) {
  std::size_t longest = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find("\r\n", at), bytes.size());
    longest = std::max(longest, end - at);
    at = end + 2;
  }
  return longest;
}

TEST(Corpus, SameSeedSameOctets) {
  const auto one = MakeCorpus({.kind = MailKind::kMix, .seed = 7, .size = 20});
  const auto two = MakeCorpus({.kind = MailKind::kMix, .seed = 7, .size = 20});
  const auto other = MakeCorpus({.kind = MailKind::kMix, .seed = 8, .size = 1});
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(MessageBytes(one[i]), MessageBytes(two[i]));
  }
  EXPECT_NE(MessageBytes(one[0]), MessageBytes(other[0]));
}

TEST(Corpus, KindsHaveTheSizesOfRealMail) {
  const auto transactional = SmallestAndLargest(MailKind::kTransactional);
  EXPECT_GE(transactional.first, 4500U);
  EXPECT_LE(transactional.second, 7000U);
  const auto newsletter = SmallestAndLargest(MailKind::kNewsletter);
  EXPECT_GE(newsletter.first, 40'000U);
  EXPECT_LE(newsletter.second, 125'000U);
  const auto attachment = SmallestAndLargest(MailKind::kAttachment);
  EXPECT_GE(attachment.first, 1'000'000U);
  EXPECT_LE(attachment.second, 3'200'000U);
}

TEST(Corpus, LinesAreWithinTheStandard) {
  for (const MilterMessage& message :
       MakeCorpus({.kind = MailKind::kMix, .size = 20})) {
    EXPECT_LE(LongestLine(MessageBytes(message)), 998U);
    EXPECT_LE(LongestLine(message.body), 80U);
  }
}

TEST(Encoding, QuotedPrintableEscapesAndBreaks) {
  EXPECT_EQ(QuotedPrintable("a=b \r\n\xc3\xa4"), "a=3Db=20\r\n=C3=A4");
  EXPECT_EQ(QuotedPrintable(std::string(80, 'x')),
            std::string(75, 'x') + "=\r\n" + std::string(5, 'x'));
  EXPECT_EQ(QuotedPrintable(""), "");
}

TEST(Encoding, Base64PadsAndBreaks) {
  EXPECT_EQ(Base64(""), "");
  EXPECT_EQ(Base64("f"), "Zg==");
  EXPECT_EQ(Base64("fo"), "Zm8=");
  EXPECT_EQ(Base64("foo"), "Zm9v");
  EXPECT_EQ(Base64(std::string(56, '\0')).substr(70), "AAAAA=");
}

}  // namespace
}  // namespace postern
