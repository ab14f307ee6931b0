#include "policy/facts/file_name.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "policy/facts/file_type.h"

namespace postern {
namespace {

std::vector<std::string> ExtensionsOf(std::string_view name) {
  return ReadFileName(name).extensions;
}

TEST(FileName, ReadsExtensionsAsWindowsDoes) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(ExtensionsOf("Invoice.PDF.Exe"), (Names{"pdf", "exe"}));
  EXPECT_EQ(ExtensionsOf("setup.exe. . "), (Names{"exe"}));
  EXPECT_EQ(ExtensionsOf("C:\\tmp.d\\x"), Names{});
  EXPECT_EQ(ExtensionsOf("a/b.zip"), (Names{"zip"}));
  EXPECT_EQ(ExtensionsOf("README"), Names{});
  EXPECT_EQ(ExtensionsOf("photo.jpg       .exe"), (Names{"jpg", "exe"}));
  EXPECT_EQ(ExtensionsOf(""), Names{});
}

TEST(FileName, SeesWhatIsHidden) {
  const FileName turned = ReadFileName("annexe\u202efdp.exe");
  EXPECT_TRUE(turned.has_direction_override);
  EXPECT_EQ(turned.extension(), "exe");
  EXPECT_TRUE(ReadFileName("a\u2066b.txt").has_direction_override);
  EXPECT_FALSE(
      ReadFileName("\u05e9\u05dc\u05d5\u05dd.pdf").has_direction_override);
  EXPECT_TRUE(ReadFileName("photo.jpg          .exe").has_space_run);
  EXPECT_TRUE(ReadFileName("photo.jpg\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0.exe")
                  .has_space_run);
  EXPECT_FALSE(ReadFileName("my letter of monday.doc").has_space_run);
}

TEST(FileType, KnowsTheUsualByTheirSignatures) {
  EXPECT_EQ(TypeBySignature("%PDF-1.7\n").kind, FileClass::kPdf);
  EXPECT_EQ(TypeBySignature("PK\x03\x04....").format, FileFormat::kZip);
  EXPECT_EQ(TypeBySignature("\xff\xd8\xff\xe0").kind, FileClass::kImage);
  EXPECT_EQ(TypeBySignature("<!DOCTYPE html><p>").kind, FileClass::kMarkup);
  EXPECT_EQ(TypeBySignature("Hello,\r\n").kind, FileClass::kText);
  EXPECT_EQ(TypeBySignature(std::string_view("\0\1\2", 3)).kind,
            FileClass::kUnknown);
}

TEST(FileType, TellsProgramsFromWordsThatBeginAlike) {
  std::string program =
      "MZ" + std::string(58, '\0') + std::string("\x40\0\0\0PE\0\0", 8);
  EXPECT_EQ(TypeBySignature(program).kind, FileClass::kProgram);
  EXPECT_EQ(TypeBySignature("MZ is where the letter begins").kind,
            FileClass::kText);
}

TEST(FileType, AsksLibmagicAboutTheRest) {
  // A Windows bitmap of one pixel.
  std::string bitmap(58, '\0');
  bitmap.replace(0, 6, std::string("BM\x3a\0\0\0", 6));
  bitmap[10] = 54;
  bitmap[14] = 40;
  bitmap[18] = bitmap[22] = bitmap[26] = 1;
  bitmap[28] = 24;
  const FileType type = FileTypeOf(bitmap);
  EXPECT_EQ(type.kind, FileClass::kImage) << type.media_type;
}

}  // namespace
}  // namespace postern
