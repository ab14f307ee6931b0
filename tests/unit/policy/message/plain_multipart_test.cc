#include "policy/message/plain_multipart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "policy/message/message.h"
#include "policy/message/transfer_encoding.h"

namespace postern {

void PrintTo(const MimeStructure& structure, std::ostream* out) {
  for (const MimePart& part : structure.parts)
    *out << part.type << " [" << part.begin << "," << part.end << ") depth "
         << part.depth << " charset \"" << part.charset << "\" encoding \""
         << part.encoding << "\" file \"" << part.file_name << "\" attached "
         << part.is_attachment << " text " << part.text.size() << "\n";
  for (const std::string& warning : structure.warnings)
    *out << "warning " << warning << "\n";
  *out << "8bit " << structure.declares_eight_bit << ", over limit "
       << structure.is_over_limit << ", sealed "
       << structure.is_signed_or_encrypted << "\n";
}

namespace {

struct Readings {
  bool is_plain = false;
  MimeStructure own, gmime;
};

Readings Read(const std::string& octets) {
  const ParsedOctets parsed = ParseOctets(octets);
  const Base64Runs runs = FindBase64Runs(parsed.body.bytes());
  Readings read;
  read.is_plain =
      ReadPlainMultipart(parsed.header, parsed.body.bytes(), runs, &read.own);
  read.gmime = ReadMimeByGmime(parsed.header, parsed.body, runs);
  return read;
}

std::string WithCrlf(const std::string& text) {
  std::string octets;
  for (const char c : text) {
    if (c == '\n' && !octets.ends_with('\r')) octets += '\r';
    octets += c;
  }
  return octets;
}

std::string Multipart(const std::string& subtype, const std::string& inside) {
  return "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/" +
         subtype + ";\r\n boundary=\"b1\"\r\n\r\n" + inside;
}

const std::string kText =
    "--b1\r\nContent-Type: text/plain; charset=\"UTF-8\"\r\n"
    "Content-Transfer-Encoding: 8bit\r\n\r\n-- \r\nJ\xc3\xb6rg\r\n\r\n";
const std::string kHtml =
    "--b1\r\nContent-Type: TEXT/html;\r\n\tcharset=utf-8\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n"
    "Content-ID: <a@b>\r\n\r\n<p>J=C3=B6rg</p>\r\n";

std::vector<std::string> PlainOnes() {
  const std::string nested =
      "preamble\r\n--b1\r\nContent-Type: multipart/alternative; "
      "boundary=inner\r\n\r\n\r\n--inner\r\nContent-Type: text/plain\r\n\r\n"
      "hello\r\n--inner\r\nContent-Type: text/html\r\n\r\n<p>hello\r\n"
      "--inner--\r\n\r\n"
      "--b1\r\nContent-Type: application/pdf; name=\"a b.pdf\"\r\n"
      "Content-Transfer-Encoding: base64\r\n"
      "Content-Disposition: attachment; filename=b.pdf; size=12\r\n\r\n" +
      EncodeBase64Lines(std::string(20'000, 'x')) +
      "--b1\r\nContent-Type: image/png; name=c.png\r\n\r\nx\r\n"
      "--b1--\r\nepilogue -- \r\n--b0\r\n";
  return {Multipart("alternative", kText + kHtml + "--b1--\r\n"),
          Multipart("Related", kHtml + "--b1--\r\n"),
          Multipart("mixed", nested)};
}

TEST(PlainMultipart, IsReadAsGmimeReadsIt) {
  for (const std::string& octets : PlainOnes()) {
    const Readings read = Read(octets);
    EXPECT_TRUE(read.is_plain) << octets.substr(0, 400);
    EXPECT_EQ(read.own, read.gmime) << octets.substr(0, 400);
  }
}

TEST(PlainMultipart, LeavesToGmimeWhatMayBeReadInTwoWays) {
  const std::string end = "--b1--\r\n";
  for (
      const std::string& inside : std::vector<std::string>{
          kText + kHtml,                                     // not closed
          kText + kHtml + "--b1--",                          // no line end
          kText + "x\n" + kHtml + end,                       // another one
          kText + "--b1 \r\n" + kHtml + end,                 // a blank behind
          kText + "--b1x\r\n" + kHtml + end,                 // begins like it
          kText + end + "--b1\r\n",                          // after the end
          "--b1\r\nContent-Type: text/plain\r\n\r\n" + end,  // empty
          "--b1\r\n\r\nhello\r\n" + end,                     // no type
          "--b1\r\nContent-Type: message/rfc822\r\n\r\nA: b\r\n\r\nc\r\n" + end,
          "--b1\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n"
          "\r\nx\r\n" +
              end,
          "--b1\r\nContent-Type: text/plain; a=1; A=2\r\n\r\nx\r\n" + end,
          "--b1\r\nContent-Type: text/plain; name*=utf-8''x\r\n\r\nx\r\n" + end,
          "--b1\r\nContent-Type: text/plain; name=\"=?utf-8?Q?x?=\"\r\n\r\nx"
          "\r\n" +
              end,
          "--b1\r\nContent-Type: text/plain (x)\r\n\r\nx\r\n" + end,
          "--b1\r\nContent-Type: text/plain\n\nx\r\n" + end,
          "--b1\r\nContent-Type: multipart/mixed; boundary=b12\r\n\r\n--b12\r\n"
          "Content-Type: text/plain\r\n\r\nx\r\n--b12--\r\n" +
              end,
          "--b1\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n"
          "Content-Type: text/plain\r\n\r\nx\r\n" +
              end}) {
    EXPECT_FALSE(Read(Multipart("mixed", inside)).is_plain) << inside;
  }
  EXPECT_FALSE(Read(Multipart("digest", kText + end)).is_plain);
  EXPECT_FALSE(Read("Content-Type: text/plain\r\n\r\nx\r\n").is_plain);
}

TEST(PlainMultipart, LeavesToTheGuardWhatIsMadeToCostMuch) {
  std::string lines, multiparts;
  for (int i = 0; i < 20'000; ++i) lines += "--\r\n";
  EXPECT_FALSE(Read(Multipart("mixed", kText + lines + "--b1--\r\n")).is_plain);
  for (int i = 100; i < 120; ++i) {
    const std::string name = "m" + std::to_string(i);
    multiparts += "--b1\r\nContent-Type: multipart/mixed; boundary=" + name +
                  "\r\n\r\n--" + name +
                  "\r\nContent-Type: text/plain\r\n\r\nx\r\n--" + name +
                  "--\r\n";
  }
  EXPECT_FALSE(Read(Multipart("mixed", multiparts + "--b1--\r\n")).is_plain);
}

TEST(PlainMultipart, AddsNothingWhereItIsNotPlain) {
  EXPECT_EQ(Read(Multipart("mixed", kText + kHtml)).own, MimeStructure());
}

TEST(PlainMultipart, AgreesOnEveryCase) {
  int plain = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           POSTERN_SOURCE_DIR "/tests/cases")) {
    if (entry.path().extension() != ".eml") continue;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const Readings read = Read(WithCrlf(text));
    if (!read.is_plain) continue;
    ++plain;
    EXPECT_EQ(read.own, read.gmime) << entry.path();
  }
  EXPECT_GE(plain, 10);
}

// Octets that boundaries, fields and line ends are made of are put in, taken
// out and doubled.
TEST(PlainMultipart, AgreesOnWhatIsNearlyPlain) {
  std::mt19937 random(1);
  const auto below = [&](std::size_t most) { return random() % most; };
  const std::vector<std::string> pieces = {"\r\n",
                                           "\n",
                                           "\r",
                                           "--",
                                           "--b1",
                                           "--b1--",
                                           "--inner",
                                           " ",
                                           "\t",
                                           ";",
                                           "=",
                                           "\"",
                                           ":",
                                           "b1",
                                           "(",
                                           "*",
                                           "%",
                                           "-",
                                           "\0x",
                                           "A: b",
                                           "\r\n\r\n",
                                           "=?",
                                           "Content-Type: text/html\r\n",
                                           "boundary=b1",
                                           "base64"};
  int plain = 0;
  for (int i = 0; i < 30'000; ++i) {
    std::string octets = PlainOnes()[below(3)];
    for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
      const std::size_t at = below(std::min<std::size_t>(octets.size(), 900));
      switch (below(3)) {
        case 0:
          octets.insert(at, pieces[below(pieces.size())]);
          break;
        case 1:
          octets.erase(at, 1 + below(4));
          break;
        default:
          octets.insert(at, octets.substr(at, 1 + below(40)));
      }
    }
    const Readings read = Read(octets);
    if (!read.is_plain) continue;
    ++plain;
    ASSERT_EQ(read.own, read.gmime) << octets.substr(0, 1200);
  }
  EXPECT_GE(plain, 3'000);
}

}  // namespace
}  // namespace postern
