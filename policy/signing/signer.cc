// Writes DKIM-Signature fields: v, a, c, d, s, t, h, bh, b in that order, lines
// of at most 78 octets where the names allow it.

#include "policy/signing/signer.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string_view>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/signing/canonical.h"
#include "policy/signing/signed_fields.h"

namespace postern {
namespace {

constexpr std::size_t kLineLength = 78;
constexpr std::string_view kFieldName = "DKIM-Signature";

// Lays text out in folded lines. A TAB counts as one octet, as it does on the
// wire.
class FoldedText {
 public:
  // The first line begins after "DKIM-Signature: ".
  FoldedText() : column_(kFieldName.size() + 2) { text_.reserve(1024); }

  // A piece that must stay whole, with a space before it unless it is folded.
  void AddWord(std::string_view word) {
    if (text_.empty()) return Add(word);
    if (column_ + 1 + word.size() > kLineLength) {
      Fold();
    } else {
      Add(" ");
    }
    Add(word);
  }
  // A piece that follows without a space.
  void AddPart(std::string_view part) {
    if (column_ + part.size() > kLineLength) Fold();
    Add(part);
  }
  // May be folded anywhere.
  void AddBreakable(std::string_view octets) {
    while (!octets.empty()) {
      if (column_ >= kLineLength) Fold();
      const std::size_t taken = std::min(octets.size(), kLineLength - column_);
      Add(octets.substr(0, taken));
      octets.remove_prefix(taken);
    }
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void Add(std::string_view piece) {
    text_ += piece;
    column_ += piece.size();
  }
  void Fold() {
    text_ += "\n\t";
    column_ = 1;
  }

  std::string text_;
  std::size_t column_;
};

void AddSignedNames(const std::vector<std::string_view>& names,
                    FoldedText* field) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const char after = i + 1 < names.size() ? ':' : ';';
    const std::string part = fmt::format("{}{}", names[i], after);
    if (i == 0)
      field->AddWord("h=" + part);
    else
      field->AddPart(part);
  }
}

struct Content {
  const SignedFields& fields;
  std::string body_hash;  // Base64
  TimePoint now;
};

Result<std::string> SignatureValue(const Content& content,
                                   const KeyInUse& key) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(
      content.now.time_since_epoch());
  FoldedText field;
  field.AddWord("v=1;");
  field.AddWord(fmt::format("a={};", ToString(key.key->algorithm())));
  field.AddWord("c=relaxed/relaxed;");
  field.AddWord(fmt::format("d={};", key.domain.text()));
  field.AddWord(fmt::format("s={};", key.selector));
  field.AddWord(fmt::format("t={};", seconds.count()));
  AddSignedNames(content.fields.names, &field);
  field.AddWord(fmt::format("bh={};", content.body_hash));
  field.AddWord("b=");
  // RFC 6376 s.3.7: the field itself, b= empty, comes last, without CRLF.
  const std::string signature = key.key->Sign(
      content.fields.canonical + RelaxedField(kFieldName, field.text()));
  if (signature.empty())
    return Fail(fmt::format("OpenSSL refuses to sign for {}, selector {}",
                            key.domain.text(), key.selector));
  field.AddBreakable(Base64Encode(signature));
  return field.text();
}

}  // namespace

Result<std::vector<std::string>> SignMessage(const Header& header,
                                             const Body& body,
                                             std::span<const KeyInUse> keys,
                                             TimePoint now) {
  std::vector<std::string> signatures;
  if (keys.empty()) return signatures;
  const Result<SignedFields> fields = SelectSignedFields(header);
  if (!fields) return Fail(fields.error().message);
  const std::string body_hash = RelaxedBodyHash(body.bytes());
  if (body_hash.empty()) return Fail("OpenSSL refuses SHA-256");
  const Content content{*fields, Base64Encode(body_hash), now};
  for (const KeyInUse& key : keys) {
    Result<std::string> signature = SignatureValue(content, key);
    if (!signature) return Fail(signature.error().message);
    signatures.push_back(*std::move(signature));
  }
  return signatures;
}

}  // namespace postern
