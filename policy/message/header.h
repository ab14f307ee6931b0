// Header: the header fields of one message, top to bottom, octet for octet.
//
// A field's value is what stands after the colon, leading space included, folds
// written as LF + white space (as libmilter hands them over with
// SMFIP_HDR_LEADSPC); on the wire each LF is CRLF. Edits keep each field's
// origin, so that they can be told to the MTA as instructions (edits.h).
//
// A value. Copies share the fields until one of them is changed: a header of a
// hundred thousand fields is there once. All copies belong to one thread at a
// time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace postern {

struct HeaderField {
  std::string name;
  std::string value;
  // Its place among the fields of this name as received, from 1 (libmilter's
  // counting); 0 for a field that we added.
  std::size_t origin = 0;

  // The value without folds (each LF dropped, RFC 5322 s.2.2.3) and outer
  // space.
  [[nodiscard]] std::string Unfolded() const;
  // Octets of its longest line on the wire, name and colon included.
  [[nodiscard]] std::size_t LongestLine() const;
};

class Header {
 public:
  // As received; counts origins.
  void Receive(std::string name, std::string value);

  [[nodiscard]] const std::vector<HeaderField>& fields() const;
  [[nodiscard]] std::size_t Count(std::string_view name) const;
  // The first field of that name, or null. Names compare without case.
  [[nodiscard]] const HeaderField* Find(std::string_view name) const;
  [[nodiscard]] std::vector<const HeaderField*> FindAll(
      std::string_view name) const;

  // Text is given without the leading space; it is added here.
  // Replaces the first field of that name, or appends one.
  void Set(std::string_view name, std::string_view text);
  // The index counts among the fields of that name, from 0.
  void SetNth(std::string_view name, std::size_t index, std::string_view text);
  void RemoveNth(std::string_view name, std::size_t index);
  void RemoveAll(std::string_view name);
  // All but the first of that name.
  void KeepFirst(std::string_view name);
  // Those of that name for which it says true; how many there were. Linear.
  std::size_t RemoveIf(
      std::string_view name,
      const std::function<bool(const HeaderField&)>& is_unwanted);
  // Gives each field's value the chance of a new one (nullopt: it stays). The
  // new one comes without its leading space. How many changed. Linear.
  std::size_t Rewrite(
      const std::function<std::optional<std::string>(const HeaderField&)>&
          rewritten);
  void Append(std::string_view name, std::string_view text);
  void Prepend(std::string_view name, std::string_view text);

 private:
  struct Shared {
    std::vector<HeaderField> fields;
    // By lower-case name.
    std::unordered_map<std::string, std::size_t> received;
  };
  // To be changed: nobody else's any more.
  [[nodiscard]] Shared& Own();

  std::shared_ptr<Shared> shared_;  // null: no fields
};

}  // namespace postern
