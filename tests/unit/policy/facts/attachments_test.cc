#include "policy/facts/attachments.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "policy/message/message.h"
#include "policy/message/transfer_encoding.h"
#include "tests/support/archives.h"

namespace postern {
namespace {

AttachmentFacts GatherFrom(std::string_view octets) {
  const ParsedOctets parsed = ParseOctets(octets);
  const MimeStructure mime = ReadMime(parsed.header, parsed.body);
  return GatherAttachments(mime, parsed.body.bytes());
}

// A message with one file.
AttachmentFacts Attach(const std::string& name, std::string_view content,
                       const std::string& type = "application/octet-stream") {
  return GatherFrom(
      "MIME-Version: 1.0\r\n"
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
      "--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
      "--b\r\nContent-Type: " +
      type + "\r\nContent-Disposition: attachment; filename=\"" + name +
      "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
      EncodeBase64Lines(content) + "\r\n--b--\r\n");
}

AttachmentFact File(const std::string& name, std::string_view content) {
  const AttachmentFacts facts = Attach(name, content);
  EXPECT_EQ(facts.files.size(), 1U);
  return facts.files.empty() ? AttachmentFact() : facts.files[0];
}

TEST(Attachments, AreNotTheTextOfTheMessage) {
  const AttachmentFacts facts = GatherFrom(
      "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
      "--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
      "--b\r\nContent-Type: text/html\r\n\r\n<p>Hello\r\n--b--\r\n");
  EXPECT_TRUE(facts.files.empty());
  EXPECT_EQ(facts.count, 0U);
  EXPECT_TRUE(GatherFrom("Subject: x\r\n\r\nHello\r\n").files.empty());
}

TEST(Attachments, KnowNameAndContent) {
  const AttachmentFact file = File("a.PDF", "%PDF-1.4\n%%EOF");
  EXPECT_EQ(file.name, "a.PDF");
  EXPECT_EQ(file.file.extension(), "pdf");
  EXPECT_EQ(file.content, FileClass::kPdf);
  EXPECT_EQ(file.bytes, 14U);
  EXPECT_FALSE(file.is_encrypted);
}

TEST(Attachments, FindEncryptedPdfs) {
  const std::string front = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\n";
  const std::string table = "xref\n0 1\n0000000000 65535 f \n";
  EXPECT_TRUE(File("a.pdf", front + table +
                                "trailer\n<</Root 1 0 R/Encrypt 2 0 R>>\n"
                                "startxref\n29\n%%EOF\n")
                  .is_encrypted);
  EXPECT_FALSE(File("a.pdf", front + table +
                                 "trailer\n<</Root 1 0 R>>\n"
                                 "startxref\n29\n%%EOF\n")
                   .is_encrypted);
  const std::string stream = "5 0 obj\n<</Type/XRef/Encrypt 2 0 R>>\nstream\n" +
                             std::string(5000, 'x') + "\nendstream\nendobj\n";
  EXPECT_TRUE(
      File("a.pdf", front + stream + "startxref\n29\n%%EOF\n").is_encrypted);
  EXPECT_FALSE(File("a.pdf", front + "startxref\n99999999999999999999\n%%EOF")
                   .is_encrypted);
}

TEST(Attachments, FindMacrosInPackages) {
  const TestMember types = {"[Content_Types].xml", "<Types/>"};
  const auto macros = [&](const TestMember& member) {
    return File("a.docx", MakeArchive("zip", {types, member})).macros;
  };
  EXPECT_TRUE(macros({"word/document.xml", "<w:t>Hello</w:t>"}).empty());
  EXPECT_EQ(macros({"word/vbaProject.bin", "x"}),
            std::vector<std::string>{"VBA project"});
  EXPECT_EQ(macros({"xl/macrosheets/sheet1.xml", "x"}),
            std::vector<std::string>{"Excel 4 macro sheet"});
  EXPECT_EQ(macros({"word/document.xml",
                    "<w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\x "
                    "</w:instrText>"}),
            std::vector<std::string>{"DDE field"});
}

TEST(Attachments, MindTemplatesFromElsewhereOnly) {
  const auto macros = [](const std::string& target) {
    return File("a.docx",
                MakeArchive(
                    "zip",
                    {{"[Content_Types].xml", "<Types/>"},
                     {"word/_rels/settings.xml.rels",
                      "<Relationships><Relationship Id=\"rId1\" Type=\"http://"
                      "schemas.openxmlformats.org/officeDocument/2006/"
                      "relationships/attachedTemplate\" Target=\"" +
                          target +
                          "\" TargetMode=\"External\"/></Relationships>"}}))
        .macros;
  };
  EXPECT_EQ(macros("https://evil.example/t.dotm"),
            std::vector<std::string>{"template from "
                                     "https://evil.example/t.dotm"});
  EXPECT_EQ(macros("file:///C:\\Users\\a\\Normal.dotm").size(), 0U);
}

TEST(Attachments, ReadCompoundFiles) {
  EXPECT_EQ(File("a.doc",
                 MakeCompoundFile({{"WordDocument", ""}, {"_VBA_PROJECT", ""}}))
                .macros,
            std::vector<std::string>{"VBA project"});
  EXPECT_TRUE(File("a.docx", MakeCompoundFile({{"EncryptedPackage", ""}}))
                  .is_encrypted);
  std::string encrypted(12, '\0');
  encrypted[11] = 1;
  EXPECT_TRUE(File("a.doc", MakeCompoundFile({{"WordDocument", encrypted}}))
                  .is_encrypted);
  const std::string sheet(
      "\x09\x08\x04\x00\x00\x06\x05\x00"
      "\x85\x00\x08\x00\0\0\0\0\x00\x01\x01\0"
      "\x0a\x00\x00\x00",
      24);
  EXPECT_EQ(File("a.xls", MakeCompoundFile({{"Workbook", sheet}})).macros,
            std::vector<std::string>{"Excel 4 macro sheet"});
  const AttachmentFact plain =
      File("a.doc", MakeCompoundFile({{"WordDocument", ""}}));
  EXPECT_TRUE(plain.macros.empty());
  EXPECT_FALSE(plain.is_encrypted);
}

TEST(Attachments, TellActiveMarkup) {
  EXPECT_EQ(
      File("a.html", "<html><form></form><script></script>").active_content,
      "script 1, form 1");
  EXPECT_EQ(File("a.html", "<html><p>Hello").active_content, "");
  EXPECT_EQ(File("a.svg", "<svg><script>x</script></svg>").active_content,
            "script 1");
}

// What is attached is opened as a file: its charset is not what counts.
TEST(Attachments, TellActiveMarkupByWhatTheFileIs) {
  for (const std::string charset : {"utf-8", "us-ascii", "utf-16", "utf-7"}) {
    const ParsedOctets parsed = ParseOctets(
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=" + charset +
        "; name=a.html\r\nContent-Disposition: attachment\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n" +
        EncodeBase64Lines("<html><script>1</script><p>+ADw-form+AD4-</html>"));
    const MimeStructure mime = ReadMime(parsed.header, parsed.body);
    ASSERT_EQ(mime.parts.size(), 1U);
    const std::vector<std::shared_ptr<const PartText>> texts = {
        std::make_shared<const PartText>(
            ReadPartText(KindOf(mime.parts[0]), mime.parts[0].text, nullptr))};
    const AttachmentFacts facts =
        GatherAttachments(mime, parsed.body.bytes(), texts);
    ASSERT_EQ(facts.files.size(), 1U);
    EXPECT_EQ(facts.files[0].active_content, "script 1") << charset;
  }
}

TEST(Attachments, ListArchives) {
  const AttachmentFact file =
      File("a.zip", MakeArchive("zip", {{"b.exe", "MZ"}}));
  ASSERT_TRUE(file.archive);
  ASSERT_EQ(file.archive->members.size(), 1U);
  EXPECT_EQ(file.archive->members[0].name, "b.exe");
  EXPECT_FALSE(file.is_office_package);
}

TEST(Attachments, FindTestStrings) {
  const std::string eicar =
      "X5O!P%@AP[4\\PZX54(P^)7CC)7}$"
      "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";
  EXPECT_EQ(Attach("a.txt", eicar).test_strings,
            std::vector<std::string>{"EICAR"});
  // A page that tells of it is none.
  EXPECT_TRUE(
      Attach("a.txt", std::string(300, ' ') + eicar).test_strings.empty());
  EXPECT_EQ(GatherFrom("Subject: x\r\n\r\nXJS*C4JDBQADN1.NSBN3*2IDNEN*"
                       "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n")
                .test_strings,
            std::vector<std::string>{"GTUBE"});
}

TEST(Attachments, SeeFragmentsAndTnef) {
  EXPECT_EQ(GatherFrom("Content-Type: message/partial; id=\"a\"; number=1; "
                       "total=2\r\n\r\nHello\r\n")
                .fragments,
            std::vector<std::string>{"message/partial"});
  EXPECT_TRUE(Attach("winmail.dat", "\x78\x9f\x3e\x22", "application/ms-tnef")
                  .has_tnef);
}

TEST(Attachments, CountMoreThanTheyLookAt) {
  std::string octets = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
  for (int i = 0; i < 300; ++i)
    octets += "--b\r\nContent-Type: image/gif\r\n\r\nGIF89a\r\n";
  const AttachmentFacts facts = GatherFrom(octets + "--b--\r\n");
  EXPECT_EQ(facts.count, 300U);
  EXPECT_EQ(facts.files.size(), 250U);
  EXPECT_EQ(facts.images, 250U);
}

}  // namespace
}  // namespace postern
