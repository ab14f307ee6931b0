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
  std::chrono::milliseconds expiry;  // 0: none
};

// RFC 6376 s.3.5: the domain of i= is d= or one below it, else it is left out.
bool MayBeAgent(const KeyInUse& key) {
  const std::size_t at = key.agent.rfind('@');
  const bool is_plain = std::ranges::all_of(key.agent, [](char c) {
    return c > ' ' && c < 0x7f && c != ';' && c != '=';
  });
  if (at == std::string::npos || !is_plain) return false;
  const auto domain = Domain::Parse(key.agent.substr(at + 1));
  return domain && domain->IsWithin(key.domain);
}

Result<std::string> SignatureValue(const Content& content,
                                   const KeyInUse& key) {
  using std::chrono::seconds;
  const auto signed_at =
      std::chrono::floor<seconds>(content.now.time_since_epoch());
  FoldedText field;
  field.AddWord("v=1;");
  field.AddWord(fmt::format("a={};", ToString(key.key->algorithm())));
  field.AddWord("c=relaxed/relaxed;");
  field.AddWord(fmt::format("d={};", key.domain.text()));
  field.AddWord(fmt::format("s={};", key.selector));
  if (MayBeAgent(key)) field.AddWord(fmt::format("i={};", key.agent));
  field.AddWord(fmt::format("t={};", signed_at.count()));
  if (content.expiry.count() > 0)
    field.AddWord(fmt::format(
        "x={};",
        (signed_at + std::chrono::ceil<seconds>(content.expiry)).count()));
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
                                             const SigningConfig& config,
                                             TimePoint now) {
  std::vector<std::string> signatures;
  if (keys.empty()) return signatures;
  const Result<SignedFields> fields = SelectSignedFields(header, config);
  if (!fields) return Fail(fields.error().message);
  const std::string body_hash = RelaxedBodyHash(body.bytes());
  if (body_hash.empty()) return Fail("OpenSSL refuses SHA-256");
  const Content content{*fields, Base64Encode(body_hash), now, config.expiry};
  for (const KeyInUse& key : keys) {
    Result<std::string> signature = SignatureValue(content, key);
    if (!signature) return Fail(signature.error().message);
    signatures.push_back(*std::move(signature));
  }
  return signatures;
}

}  // namespace postern
