#include "policy/message/encoded_word.h"

#include <gtest/gtest.h>

#include "policy/base/text.h"
#include "policy/message/charset.h"

namespace postern {
namespace {

TEST(ReadEncodedText, DecodesBothEncodings) {
  EXPECT_EQ(ReadEncodedText("=?utf-8?Q?caf=C3=A9_au_lait?=").text,
            "caf\u00e9 au lait");
  EXPECT_EQ(ReadEncodedText("=?UTF-8?b?Y2Fmw6k=?= noir").text,
            "caf\u00e9 noir");
  EXPECT_EQ(ReadEncodedText("=?iso-8859-1*fr?q?caf=E9?=").text, "caf\u00e9");
}

TEST(ReadEncodedText, DropsTheSpaceBetweenTwoWords) {
  EXPECT_EQ(ReadEncodedText("=?utf-8?Q?a?=  =?utf-8?Q?b?= c").text, "ab c");
}

TEST(ReadEncodedText, FindsNoFaultInWhatIsNoEncodedWord) {
  for (const char* text : {"", "what=?", "=?x", "a =?= b", "=?utf-8?x?y?="}) {
    const EncodedText read = ReadEncodedText(text);
    EXPECT_EQ(read.text, text);
    EXPECT_FALSE(read.has_words) << text;
    EXPECT_EQ(read.fault + read.irregularity, "") << text;
  }
}

TEST(ReadEncodedText, NamesWhatCannotBeDecoded) {
  for (const char* text :
       {"=?x-none?Q?a?=", "=?cp-850?Q?=82?=", "=?utf-8?B?Y2F*w6k=?=",
        "=?utf-8?Q?caf=E9?=", "=?utf-8?Q?caf=Cx?=", "=?utf-8?Q?caf"})
    EXPECT_NE(ReadEncodedText(text).fault, "") << text;
}

TEST(ReadEncodedText, NamesWhatReadersForgive) {
  for (const std::string& text :
       {std::string("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?="),
        std::string("=?utf-8?B?Y2Fmw6k?="), std::string("=?utf-8?Q?a b?="),
        std::string("a=?utf-8?Q?b?="), std::string("=?utf-8?Q?a?=b"),
        "=?utf-8?Q?" + std::string(70, 'x') + "?="}) {
    const EncodedText read = ReadEncodedText(text);
    EXPECT_EQ(read.fault, "") << text;
    EXPECT_NE(read.irregularity, "") << text;
  }
  EXPECT_EQ(ReadEncodedText("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=").text,
            "caf\u00e9");
}

TEST(WriteEncodedText, LeavesAsciiAlone) {
  EXPECT_EQ(WriteEncodedText("Hello, world = ?"), "Hello, world = ?");
}

TEST(WriteEncodedText, EncodesTheWordsThatNeedIt) {
  EXPECT_EQ(WriteEncodedText("Your caf\u00e9 is open"),
            "Your =?utf-8?Q?caf=C3=A9?= is open");
}

TEST(WriteEncodedText, ReadsBackTheSame) {
  const std::string long_text = [] {
    std::string text;
    for (int i = 0; i < 40; ++i) text += "\u65e5\u672c\u8a9e \u00e9t\u00e9 ";
    return text + "end";
  }();
  for (const std::string& text :
       {long_text, std::string("=?utf-8?Q?a?="), std::string("tab\there"),
        std::string(" \u00e9 "), std::string("a_b \u00e9_=?")}) {
    const std::string written = WriteEncodedText(text);
    EXPECT_TRUE(IsAscii(written));
    const EncodedText read = ReadEncodedText(written);
    EXPECT_EQ(read.text, text);
    EXPECT_EQ(read.fault + read.irregularity, "") << written;
    for (const std::string_view word : Split(written, ' '))
      EXPECT_TRUE(!word.starts_with("=?") || word.size() <= 75u) << word;
  }
}

TEST(WriteEncodedText, TakesOtherOctetsForWindows1252) {
  EXPECT_EQ(ReadEncodedText(WriteEncodedText("caf\xe9")).text, "caf\u00e9");
}

TEST(WriteEncodedPhrase, QuotesOrEncodes) {
  EXPECT_EQ(WriteEncodedPhrase("Alice Doe"), "Alice Doe");
  EXPECT_EQ(WriteEncodedPhrase("Doe, \"A\""), "\"Doe, \\\"A\\\"\"");
  EXPECT_EQ(WriteEncodedPhrase("J\u00f6rg"), "=?utf-8?Q?J=C3=B6rg?=");
}

}  // namespace
}  // namespace postern
