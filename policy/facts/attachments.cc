#include "policy/facts/attachments.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "policy/base/text.h"
#include "policy/facts/archive.h"
#include "policy/facts/compound_file.h"
#include "policy/facts/office_package.h"
#include "policy/facts/pdf_file.h"
#include "policy/message/html.h"

namespace postern {
namespace {

// More are counted, not looked at.
constexpr std::size_t kMaxFiles = 250;
constexpr std::size_t kMaxMarkup = 512 * 1024;
constexpr std::size_t kFirstBytes = 512;

// In two pieces, so that no scanner takes this program for a virus (eicar.org).
constexpr std::string_view kEicar[] = {
    "X5O!P%@AP[4\\PZX54(P^)7CC)7}$",
    "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"};
// spamassassin.apache.org/gtube
constexpr std::string_view kGtube[] = {
    "XJS*C4JDBQADN1.NSBN3*2IDNEN*", "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"};

bool Holds(std::string_view text, std::span<const std::string_view> pieces) {
  for (std::size_t at = text.find(pieces[0]); at != text.npos;
       at = text.find(pieces[0], at + 1))
    if (text.substr(at + pieces[0].size()).starts_with(pieces[1])) return true;
  return false;
}

void NoteTestString(std::string_view name, AttachmentFacts* facts) {
  if (std::ranges::find(facts->test_strings, name) == facts->test_strings.end())
    facts->test_strings.emplace_back(name);
}

bool IsFragment(const MimePart& part) {
  return part.type == "message/partial" || part.type == "message/external-body";
}

// What is not the message's own text: what has a name, and what is no text.
bool IsFile(const MimePart& part) {
  if (part.is_attachment || !part.file_name.empty()) return true;
  if (part.type.starts_with("text/") || part.type.starts_with("multipart/") ||
      part.type.starts_with("message/"))
    return false;
  return part.type != "application/pgp-signature" &&
         part.type != "application/pkcs7-signature" &&
         part.type != "application/x-pkcs7-signature" &&
         part.type != "application/pgp-encrypted";
}

void Say(std::size_t count, std::string_view what, std::string* words) {
  if (count == 0) return;
  if (!words->empty()) *words += ", ";
  *words += std::string(what) + " " + std::to_string(count);
}

std::string ActiveContent(const HtmlFacts& html) {
  std::string words;
  Say(html.scripts, "script", &words);
  Say(html.forms, "form", &words);
  Say(html.frames, "iframe", &words);
  Say(html.objects, "object or embed", &words);
  Say(html.refreshes, "meta refresh", &words);
  return words;
}

// What was read of an HTML part's text; null: of this markup nothing was. Text
// begins with the octets themselves unless its charset made something else of
// them, which a reader who opens the file will not do.
const HtmlFacts* AlreadyRead(std::string_view markup, const MimePart& part,
                             const PartText* text) {
  const bool is_same = text != nullptr && text->kind == PartText::Kind::kHtml &&
                       part.text.starts_with(markup);
  return is_same ? &text->html : nullptr;
}

class FileReading {
 public:
  // Markup_steps: what reading took of the markup before it.
  FileReading(PartContent* content, WorkBudget* budget,
              std::size_t* markup_steps, AttachmentFact* fact)
      : content_(content),
        budget_(budget),
        markup_steps_(markup_steps),
        fact_(fact) {}

  // Text: of the same part, or null.
  void Read(const MimePart& part, const PartText* text) {
    type_ = TypeBySignature(content_->Slice(0, kFirstBytes));
    // ECMA-119 s.8: the first volume descriptor, in the 17th sector.
    if (type_.kind == FileClass::kUnknown &&
        content_->Slice(16 * 2048 + 1, 5) == "CD001")
      type_ = {FileClass::kDiskImage, FileFormat::kOther,
               "application/x-iso9660-image"};
    if (type_.kind == FileClass::kUnknown)
      type_ = FileTypeOf(content_->Slice(0, kFileTypeBytes));
    fact_->content = type_.kind;
    fact_->content_type = type_.media_type;
    fact_->bytes = content_->size();
    ReadFormat();
    if (IsMarkup()) ReadMarkup(part, text);
    NoteMacroName();
  }

 private:
  bool IsMarkup() const {
    const bool is_text =
        type_.kind == FileClass::kText || type_.kind == FileClass::kUnknown;
    return type_.kind == FileClass::kMarkup ||
           (is_text &&
            ClassOfExtension(fact_->file.extension()) == FileClass::kMarkup);
  }

  void ReadMarkup(const MimePart& part, const PartText* text) {
    const std::string markup = content_->Slice(0, kMaxMarkup);
    if (const HtmlFacts* known = AlreadyRead(markup, part, text)) {
      fact_->active_content = ActiveContent(*known);
      return;
    }
    // What the message's text had no steps left for has none here.
    const bool was_too_much = text == nullptr &&
                              KindOf(part) == PartText::Kind::kHtml &&
                              !part.text.empty();
    if (was_too_much || *markup_steps_ >= HtmlFacts::kMaxSteps ||
        !budget_->HasTime()) {
      fact_->is_markup_unread = true;
      return;
    }
    const HtmlFacts html = ReadHtml(markup);
    *markup_steps_ += html.steps;
    fact_->active_content = ActiveContent(html);
  }

  void ReadFormat() {
    fact_->is_one_note = type_.format == FileFormat::kOneNote;
    if (type_.format == FileFormat::kPdf)
      fact_->is_encrypted = ReadPdfFile(content_).is_encrypted;
    if (type_.format == FileFormat::kCompound) ReadCompound();
    if (IsArchive(type_.format)) ReadArchive();
  }

  void ReadCompound() {
    const CompoundFile file = ReadCompoundFile(content_);
    fact_->is_encrypted = file.is_encrypted;
    if (file.has_macros) fact_->macros.emplace_back("VBA project");
    if (file.has_macro_sheet) fact_->macros.emplace_back("Excel 4 macro sheet");
    if (!file.is_installer) return;
    fact_->content = FileClass::kProgram;
    fact_->content_type = "application/x-msi";
  }

  void ReadArchive() {
    OfficePackage package;
    const MemberWish wish = {
        .wants =
            type_.format == FileFormat::kZip ? OfficePackage::Wants : nullptr,
        .take = [&](std::string_view name, std::string_view octets) {
          package.Read(name, octets);
        }};
    fact_->archive =
        ListArchive(content_, type_.format, fact_->file.plain, wish, budget_);
    for (const ArchiveMember& member : fact_->archive->members)
      if (member.depth == 0) package.Note(member.name);
    fact_->is_encrypted = fact_->archive->IsEncrypted();
    fact_->is_office_package = package.is_office;
    if (package.is_office) fact_->content = FileClass::kDocument;
    if (package.has_macros) fact_->macros.emplace_back("VBA project");
    if (package.has_macro_sheet)
      fact_->macros.emplace_back("Excel 4 macro sheet");
    if (package.has_dde) fact_->macros.emplace_back("DDE field");
    if (!package.external_template.empty())
      fact_->macros.push_back("template from " + package.external_template);
  }

  // Gateways go by the name alone, whatever is in it.
  void NoteMacroName() {
    constexpr std::array<std::string_view, 11> kMacroNames = {
        "docm", "dotm", "xlsm", "xltm", "xlam", "pptm",
        "potm", "ppam", "ppsm", "sldm", "vsdm"};
    const std::string_view extension = fact_->file.extension();
    if (!fact_->macros.empty()) return;
    if (std::ranges::find(kMacroNames, extension) != kMacroNames.end())
      fact_->macros.push_back("name ends in ." + std::string(extension));
  }

  PartContent* content_;
  WorkBudget* budget_;
  std::size_t* markup_steps_;
  AttachmentFact* fact_;
  FileType type_;
};

}  // namespace

std::string ShownName(const AttachmentFact& file) {
  if (file.name.empty()) return "(" + file.declared_type + ")";
  return EscapeForLog(file.name, 80);
}

AttachmentFacts GatherAttachments(
    const MimeStructure& mime, std::string_view body,
    std::span<const std::shared_ptr<const PartText>> texts) {
  AttachmentFacts facts;
  WorkBudget budget;
  std::size_t markup_steps = 0;
  for (std::size_t i = 0; i < mime.parts.size(); ++i) {
    const MimePart& part = mime.parts[i];
    if (!part.is_attachment && Holds(part.text, kGtube))
      NoteTestString("GTUBE", &facts);
    if (IsFragment(part)) facts.fragments.push_back(part.type);
    if (!IsFile(part)) continue;
    if (++facts.count > kMaxFiles) continue;
    AttachmentFact fact{.part = i,
                        .name = part.file_name,
                        .file = ReadFileName(part.file_name),
                        .declared_type = part.type};
    PartContent content(body.substr(part.begin, part.end - part.begin),
                        part.encoding);
    FileReading(&content, &budget, &markup_steps, &fact)
        .Read(part, i < texts.size() ? texts[i].get() : nullptr);
    // "at most 128 characters", and the string comes first (eicar.org).
    if (content.size() <= 128 + 68 && Holds(content.Slice(0, 256), kEicar))
      NoteTestString("EICAR", &facts);
    if (fact.content == FileClass::kImage) ++facts.images;
    if (fact.content == FileClass::kPdf) ++facts.pdfs;
    if (part.type == "application/ms-tnef" ||
        part.type == "application/vnd.ms-tnef" ||
        fact.file.plain == "winmail.dat")
      facts.has_tnef = true;
    facts.files.push_back(std::move(fact));
  }
  return facts;
}

}  // namespace postern
