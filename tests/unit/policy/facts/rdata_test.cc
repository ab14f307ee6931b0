#include "policy/facts/rdata.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

using namespace std::string_literals;

TEST(Rdata, ReadsNamesInLowerCase) {
  EXPECT_EQ(DecodeRdata(RrType::kPtr, "\4Mail\7eXample\0"s)->value,
            "mail.example");
  EXPECT_EQ(DecodeRdata(RrType::kPtr, "\0"s)->value, "");
}

TEST(Rdata, EscapesADotInsideALabel) {
  EXPECT_EQ(DecodeRdata(RrType::kPtr, "\3a.b\1c\0"s)->value, "a\\.b.c");
}

TEST(Rdata, ReadsPreferences) {
  const auto mx = DecodeRdata(RrType::kMx, "\x01\x02\1m\0"s);
  EXPECT_EQ(mx->preference, 258);
  EXPECT_EQ(mx->value, "m");
}

TEST(Rdata, JoinsStrings) {
  EXPECT_EQ(DecodeRdata(RrType::kTxt, "\2ab\0\1c"s)->value, "abc");
  EXPECT_EQ(DecodeRdata(RrType::kTxt, "\0"s)->value, "");
}

TEST(Rdata, RefusesWhatIsCutShort) {
  const struct {
    RrType type;
    std::string octets;
  } kShort[] = {
      {RrType::kA, ""},           {RrType::kA, "abc"},
      {RrType::kA, "abcde"},      {RrType::kAaaa, "abcd"},
      {RrType::kTxt, ""},         {RrType::kTxt, "\2a"},
      {RrType::kMx, ""},          {RrType::kMx, "\0\1"s},
      {RrType::kMx, "\0\1\3ab"s}, {RrType::kPtr, ""},
      {RrType::kPtr, "\1a"},      {RrType::kPtr, "\xc0\x0c"},
  };
  for (const auto& [type, octets] : kShort)
    EXPECT_FALSE(DecodeRdata(type, octets))
        << ToString(type) << " of " << octets.size() << " octets";
}

TEST(EscapeName, LeavesHostNamesAlone) {
  EXPECT_EQ(EscapeName("_dmarc.mail-1.example"), "_dmarc.mail-1.example");
}

TEST(EscapeName, WritesOtherOctetsAsNumbers) {
  EXPECT_EQ(EscapeName("a b\\\xff\0c"s), "a\\032b\\092\\255\\000c");
}

}  // namespace
}  // namespace postern
