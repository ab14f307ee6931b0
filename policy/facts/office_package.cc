#include "policy/facts/office_package.h"

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMaxRelations = 64 * 1024;
constexpr std::size_t kMaxDocument = 512 * 1024;

std::string_view AttributeOf(std::string_view tag, std::string_view name) {
  const std::size_t at = tag.find(name);
  if (at == tag.npos) return {};
  tag.remove_prefix(at + name.size());
  if (tag.size() < 2 || (tag[0] != '"' && tag[0] != '\'')) return {};
  return tag.substr(1, tag.find(tag[0], 1) - 1);
}

// A template on the author's own disk is everyday's business; one that is
// fetched from elsewhere carries its macros past the filters.
bool IsElsewhere(std::string_view target) {
  if (StartsWithIgnoreCase(target, "http:") ||
      StartsWithIgnoreCase(target, "https:") ||
      StartsWithIgnoreCase(target, "ftp:") || target.starts_with("\\\\"))
    return true;
  return StartsWithIgnoreCase(target, "file://") && target.size() > 7 &&
         target[7] != '/' && target[7] != '\\';
}

std::string ExternalTemplate(std::string_view relations) {
  for (std::size_t at = relations.find("<Relationship "); at != relations.npos;
       at = relations.find("<Relationship ", at + 1)) {
    const std::string_view tag =
        relations.substr(at, relations.find('>', at) - at);
    const std::string_view target = AttributeOf(tag, " Target=");
    if (AttributeOf(tag, " Type=").ends_with("/attachedTemplate") &&
        AttributeOf(tag, " TargetMode=") == "External" && IsElsewhere(target))
      return std::string(target.substr(0, 200));
  }
  return {};
}

// ECMA-376 part 1, s.17.16.5: DDE and DDEAUTO. The code of a field may stand in
// several runs.
bool HasDdeField(std::string_view document) {
  std::string code;
  for (std::size_t at = document.find("<w:instrText");
       at != document.npos && code.size() < 4096;
       at = document.find("<w:instrText", at + 1)) {
    const std::size_t begin = document.find('>', at);
    if (begin == document.npos) break;
    const std::size_t end = document.find('<', begin);
    code += document.substr(begin + 1, end - begin - 1);
  }
  for (std::size_t at = document.find("w:instr=\""); at != document.npos;
       at = document.find("w:instr=\"", at + 1))
    if (Trim(document.substr(at + 9, 16)).starts_with("DDE")) return true;
  const std::string upper = " " + code;
  return Contains(upper, " DDE ") || Contains(upper, " DDEAUTO") ||
         Contains(upper, "DDEAUTO ");
}

}  // namespace

void OfficePackage::Note(std::string_view name) {
  if (name == "[Content_Types].xml") is_office = true;
  if (EndsWithIgnoreCase(name, "vbaProject.bin")) has_macros = true;
  if (StartsWithIgnoreCase(name, "xl/macrosheets/")) has_macro_sheet = true;
}

std::size_t OfficePackage::Wants(std::string_view name) {
  if (name == "word/_rels/settings.xml.rels") return kMaxRelations;
  if (name == "word/document.xml") return kMaxDocument;
  if (name == "xl/externalLinks/externalLink1.xml") return kMaxRelations;
  return 0;
}

void OfficePackage::Read(std::string_view name, std::string_view octets) {
  if (name.ends_with("settings.xml.rels"))
    external_template = ExternalTemplate(octets);
  if (name.ends_with("document.xml")) has_dde |= HasDdeField(octets);
  if (name.ends_with("externalLink1.xml"))
    has_dde |= Contains(octets, "<ddeLink");
}

}  // namespace postern
