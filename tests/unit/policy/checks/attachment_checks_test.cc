#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

const ReceiverProfile& Google() {
  static const ReceiverProfile profile = {.name = "google",
                                          .blocked_extensions = {"exe", "js"},
                                          .suspect_extensions = {"docm"},
                                          .max_attachments = 2};
  return profile;
}
const ReceiverProfile& Other() {
  static const ReceiverProfile profile = {.name = "selfhost"};
  return profile;
}

class Letter {
 public:
  Letter() {
    facts().recipients.push_back(
        {.address = "b@gmail.com", .receiver = "google", .profile = &Google()});
    facts().recipients.push_back({.address = "c@example.com",
                                  .receiver = "selfhost",
                                  .profile = &Other()});
  }
  AttachmentFact& Attach(const std::string& name,
                         FileClass content = FileClass::kUnknown) {
    facts().attachments.count++;
    return facts().attachments.files.emplace_back(
        AttachmentFact{.name = name,
                       .file = ReadFileName(name),
                       .declared_type = "application/octet-stream",
                       .content = content,
                       .content_type = "type"});
  }
  Letter& WithMember(const std::string& name, bool is_encrypted = false) {
    AttachmentFact& file = facts().attachments.files.back();
    if (!file.archive) file.archive.emplace();
    file.archive->members.push_back(
        {.name = name, .is_encrypted = is_encrypted});
    if (is_encrypted) file.archive->has_encrypted_members = true;
    return *this;
  }
  Facts& facts() { return builder_.facts(); }
  std::vector<Verdict> Judge(const Check& check) {
    return check.run(builder_.Build());
  }
  // The detail of the one failure; "": it passes, "?": it is unknown.
  std::string Detail(const Check& check) {
    const std::vector<Verdict> verdicts = Judge(check);
    if (verdicts.empty()) return "";
    EXPECT_EQ(verdicts.size(), 1U);
    return verdicts[0].outcome == Outcome::kUnknown ? "?" : verdicts[0].detail;
  }

 private:
  FactsBuilder builder_;
};

const Check* const kAll[] = {&kAttachmentBlockedType,
                             &kAttachmentBlockedInArchive,
                             &kArchiveEncryptedNested,
                             &kAttachmentEncrypted,
                             &kArchiveBomb,
                             &kArchiveInArchive,
                             &kOfficeMacro,
                             &kAttachmentNameDeceptive,
                             &kAttachmentActiveHtml,
                             &kAttachmentHtml,
                             &kAttachmentTypeMismatch,
                             &kMalware,
                             &kAttachmentUnusualType,
                             &kAttachmentPhishingCarrier,
                             &kTooManyAttachments,
                             &kWinmailDat,
                             &kMessageFragment};

TEST(AttachmentChecks, AreSilentWithoutAttachments) {
  for (const Check* check : kAll)
    EXPECT_TRUE(Letter().Judge(*check).empty()) << check->id;
}

TEST(AttachmentChecks, AreSilentOnAnOrdinaryPdf) {
  for (const Check* check : kAll) {
    Letter letter;
    letter.Attach("report.2026.pdf", FileClass::kPdf);
    letter.Attach("photo.jpg", FileClass::kImage);
    EXPECT_TRUE(letter.Judge(*check).empty()) << check->id;
  }
}

TEST(AttachmentBlockedType, FailsAtWhoeverRefusesIt) {
  Letter letter;
  letter.Attach("Setup.EXE. ");
  const auto verdicts = letter.Judge(kAttachmentBlockedType);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].subject.name, "google");
  EXPECT_EQ(verdicts[0].detail, "Setup.EXE. ");
}

TEST(AttachmentBlockedInArchive, ReadsNames) {
  Letter letter;
  letter.Attach("a.zip", FileClass::kArchive);
  EXPECT_EQ(letter.WithMember("doc/x.txt").Detail(kAttachmentBlockedInArchive),
            "");
  EXPECT_EQ(letter.WithMember("doc/x.JS").Detail(kAttachmentBlockedInArchive),
            "a.zip: doc/x.JS");
}

TEST(ArchiveEncryptedNested, WantsBoth) {
  Letter letter;
  letter.Attach("a.zip", FileClass::kArchive);
  EXPECT_EQ(letter.WithMember("x.zip").Detail(kArchiveEncryptedNested), "");
  EXPECT_EQ(letter.WithMember("x.doc", true).Detail(kArchiveEncryptedNested),
            "");
  EXPECT_EQ(letter.WithMember("y.rar", true).Detail(kArchiveEncryptedNested),
            "a.zip: y.rar");
}

TEST(ArchiveEncryptedNested, DoesNotKnowEncryptedNames) {
  Letter letter;
  letter.Attach("a.7z", FileClass::kArchive)
      .archive.emplace()
      .has_encrypted_names = true;
  EXPECT_EQ(letter.Detail(kArchiveEncryptedNested), "?");
}

TEST(AttachmentEncrypted, NamesTheFile) {
  Letter letter;
  letter.Attach("a.pdf", FileClass::kPdf).is_encrypted = true;
  EXPECT_EQ(letter.Detail(kAttachmentEncrypted), "a.pdf (PDF)");
}

TEST(ArchiveBomb, TellsBombsFromLargeArchives) {
  Letter letter;
  AttachmentFact& file = letter.Attach("a.zip", FileClass::kArchive);
  file.bytes = 20'000;
  file.archive.emplace().unpacked_bytes = 9'000'000;
  EXPECT_EQ(letter.Detail(kArchiveBomb), "");
  file.archive->unpacked_bytes = 900'000'000;
  EXPECT_EQ(letter.Detail(kArchiveBomb),
            "a.zip: 20000 octets unpack to 900000000");
  file.archive->has_too_many_members = true;
  EXPECT_EQ(letter.Detail(kArchiveBomb), "a.zip: more than 10000 members");
  file.archive = ArchiveListing{.is_over_limit = true};
  EXPECT_EQ(letter.Detail(kArchiveBomb), "?");
}

TEST(ArchiveInArchive, IsNotForDocuments) {
  Letter letter;
  AttachmentFact& file = letter.Attach("a.zip", FileClass::kArchive);
  file.archive.emplace().nesting = 1;
  EXPECT_EQ(letter.Detail(kArchiveInArchive), "a.zip");
  file.is_office_package = true;
  EXPECT_EQ(letter.Detail(kArchiveInArchive), "");
}

TEST(OfficeMacro, SaysWhich) {
  Letter letter;
  letter.Attach("a.docm", FileClass::kDocument).macros = {"VBA project"};
  EXPECT_EQ(letter.Detail(kOfficeMacro), "a.docm: VBA project");
}

TEST(AttachmentNameDeceptive, KnowsTheTricks) {
  const auto detail = [](const std::string& name, FileClass content) {
    Letter letter;
    letter.Attach(name, content);
    return letter.Detail(kAttachmentNameDeceptive);
  };
  EXPECT_EQ(detail("invoice.pdf.exe", FileClass::kProgram),
            "invoice.pdf.exe: double extension");
  EXPECT_NE(detail("annexe\u202efdp.exe", FileClass::kProgram), "");
  EXPECT_EQ(detail("a.jpg        .exe", FileClass::kProgram),
            "a.jpg        .exe: spaces before the extension");
  EXPECT_EQ(detail("readme", FileClass::kProgram),
            "readme: program without an extension");
  for (const char* name : {"jquery.min.js", "setup.1.2.exe", "a.tar.gz",
                           "report.docx.pdf", "v1.2 final.pdf", "readme"})
    EXPECT_EQ(detail(name, FileClass::kUnknown), "") << name;
}

TEST(AttachmentNameDeceptive, LooksIntoArchives) {
  Letter letter;
  letter.Attach("a.zip", FileClass::kArchive);
  EXPECT_EQ(
      letter.WithMember("x/scan.jpg.scr").Detail(kAttachmentNameDeceptive),
      "a.zip: x/scan.jpg.scr");
}

TEST(AttachmentActiveHtml, AndPassiveHtmlAreTwoFindings) {
  Letter letter;
  AttachmentFact& file = letter.Attach("a.html", FileClass::kMarkup);
  EXPECT_EQ(letter.Detail(kAttachmentHtml), "a.html");
  EXPECT_EQ(letter.Detail(kAttachmentActiveHtml), "");
  file.active_content = "form 1";
  EXPECT_EQ(letter.Detail(kAttachmentHtml), "");
  EXPECT_EQ(letter.Detail(kAttachmentActiveHtml), "a.html: form 1");
}

TEST(AttachmentTypeMismatch, MindsWhatOpensAnotherThing) {
  const auto fails = [](const std::string& name, FileClass content) {
    Letter letter;
    letter.Attach(name, content);
    return !letter.Judge(kAttachmentTypeMismatch).empty();
  };
  EXPECT_TRUE(fails("photo.png", FileClass::kProgram));
  EXPECT_TRUE(fails("photo.png", FileClass::kArchive));
  EXPECT_TRUE(fails("invoice.pdf", FileClass::kMarkup));
  EXPECT_TRUE(fails("letter.docx", FileClass::kProgram));
  EXPECT_FALSE(fails("photo.png", FileClass::kImage));
  EXPECT_FALSE(fails("table.xls", FileClass::kMarkup));  // many programs do
  EXPECT_FALSE(fails("table.csv", FileClass::kUnknown));
  EXPECT_FALSE(fails("setup.exe", FileClass::kProgram));
  EXPECT_FALSE(fails("data.bin", FileClass::kProgram));
  EXPECT_FALSE(fails("book.epub", FileClass::kArchive));
}

TEST(Malware, FailsOnWhatIsFound) {
  Letter letter;
  MalwareFact& fact = letter.facts().attachments.malware;
  fact.result = MalwareFact::Result::kClean;
  EXPECT_EQ(letter.Detail(kMalware), "");
  fact = {MalwareFact::Result::kUnknown, "", "clamd did not answer in time"};
  EXPECT_EQ(letter.Detail(kMalware), "?");
  fact = {MalwareFact::Result::kFound, "Win.Test.EICAR_HDB-1", ""};
  EXPECT_EQ(letter.Detail(kMalware), "Win.Test.EICAR_HDB-1");
  letter.facts().attachments.test_strings = {"GTUBE"};
  EXPECT_EQ(letter.Detail(kMalware), "Win.Test.EICAR_HDB-1, GTUBE test string");
}

TEST(AttachmentUnusualType, IsTheReceiversOwnList) {
  Letter letter;
  letter.Attach("a.docm");
  EXPECT_EQ(letter.Detail(kAttachmentUnusualType), "a.docm");
}

TEST(AttachmentPhishingCarrier, NamesThem) {
  Letter letter;
  letter.Attach("a.one");
  EXPECT_EQ(letter.Detail(kAttachmentPhishingCarrier), "a.one");
  letter.Attach("b.zip", FileClass::kArchive);
  EXPECT_EQ(letter.WithMember("c.lnk").Detail(kAttachmentPhishingCarrier),
            "a.one, b.zip: c.lnk");
}

TEST(TooManyAttachments, IsTheReceiversOwnLimit) {
  Letter letter;
  letter.facts().attachments.count = 2;
  EXPECT_EQ(letter.Detail(kTooManyAttachments), "");
  letter.facts().attachments.count = 3;
  EXPECT_EQ(letter.Detail(kTooManyAttachments), "3 attachments, limit 2");
}

TEST(WinmailDat, IsReadAtMicrosoftAlone) {
  Letter letter;
  letter.facts().attachments.has_tnef = true;
  EXPECT_EQ(letter.Judge(kWinmailDat).size(), 2U);
  static const ReceiverProfile m365 = {.name = "m365"};
  letter.facts().recipients = {
      {.address = "d@contoso.example", .receiver = "m365", .profile = &m365}};
  EXPECT_TRUE(letter.Judge(kWinmailDat).empty());
}

TEST(MessageFragment, NamesTheType) {
  Letter letter;
  letter.facts().attachments.fragments = {"message/partial"};
  EXPECT_EQ(letter.Detail(kMessageFragment), "message/partial");
}

}  // namespace
}  // namespace postern
