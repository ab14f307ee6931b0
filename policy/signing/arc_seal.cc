// Writes one ARC set (RFC 8617 s.5.1).

#include <chrono>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "policy/base/text.h"
#include "policy/message/fold.h"
#include "policy/message/wire_field.h"
#include "policy/signing/arc.h"
#include "policy/signing/arc_fields.h"
#include "policy/signing/canonical.h"
#include "policy/signing/signed_fields.h"

namespace postern {
namespace {

constexpr std::size_t kPiece = 70;  // of Base64 on one line

Result<std::string> Folded(std::string_view name, const std::string& text) {
  std::optional<std::string> value = FoldValue(name, text);
  if (!value) return Fail(fmt::format("{} cannot be folded", name));
  return *std::move(value);
}

// What DKIM would sign, and the DKIM signatures themselves (s.4.1.2). ARC and
// Authentication-Results fields are not part of it.
Result<SignedFields> FieldsToSign(const Header& header) {
  Result<SignedFields> fields = SelectSignedFields(header, {});
  if (!fields) return fields;
  const std::vector<const HeaderField*> signatures =
      header.FindAll("DKIM-Signature");
  for (auto it = signatures.rbegin(); it != signatures.rend(); ++it) {
    if (!IsConveyable((*it)->value))
      return Fail("a control character in dkim-signature");
    fields->names.push_back("dkim-signature");
    fields->canonical += RelaxedField((*it)->name, (*it)->value) + "\r\n";
  }
  return fields;
}

// The text ends with "b="; folds do not change its relaxed form.
Result<std::string> Signed(std::string_view name, std::string text,
                           const std::string& covered,
                           const ArcSealing& sealing) {
  const std::string signature =
      sealing.key.key->Sign(covered + RelaxedField(name, " " + text));
  if (signature.empty()) return Fail("OpenSSL refuses to sign");
  const std::string base64 = Base64Encode(signature);
  for (std::size_t i = 0; i < base64.size(); i += kPiece)
    text += " " + base64.substr(i, kPiece);
  return Folded(name, text);
}

std::string CommonTags(const ArcSealing& sealing) {
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(sealing.now).time_since_epoch();
  return fmt::format("i={}; a={}; d={}; s={}; t={};", sealing.instance,
                     ToString(sealing.key.key->algorithm()),
                     sealing.key.domain.text(), sealing.key.selector,
                     seconds.count());
}

}  // namespace

Result<ArcSet> SealMessage(const Header& header, const Body& body,
                           const ArcSealing& sealing) {
  const Result<SignedFields> fields = FieldsToSign(header);
  if (!fields) return Fail(fields.error().message);
  const std::string body_hash = RelaxedBodyHash(body.bytes());
  if (body_hash.empty()) return Fail("OpenSSL refuses SHA-256");
  const Result<std::string> results = Folded(
      kArcResults, fmt::format("i={}; {}", sealing.instance, sealing.results));
  if (!results) return Fail(results.error().message);
  const Result<std::string> message_signature = Signed(
      kArcMessageSignature,
      fmt::format("{} c=relaxed/relaxed; h={}; bh={}; b=", CommonTags(sealing),
                  fmt::join(fields->names, ": "), Base64Encode(body_hash)),
      fields->canonical, sealing);
  if (!message_signature) return Fail(message_signature.error().message);

  std::string covered;
  // s.5.1.2: over a chain that failed nothing can be said but this.
  if (sealing.received != ArcResult::kFail)
    for (const ArcFields& set : CollectArcSets(header).sets)
      covered += RelaxedSet(set, true);
  const HeaderField own_results{std::string(kArcResults), " " + *results, 0};
  const HeaderField own_signature{std::string(kArcMessageSignature),
                                  " " + *message_signature, 0};
  covered += RelaxedSet({&own_results, &own_signature, nullptr}, false);
  const Result<std::string> seal =
      Signed(kArcSeal,
             fmt::format("{} cv={}; b=", CommonTags(sealing),
                         ToString(sealing.received)),
             covered, sealing);
  if (!seal) return Fail(seal.error().message);
  return ArcSet{*results, *message_signature, *seal};
}

}  // namespace postern
