// What the members of an Office package (ECMA-376, a zip) say of it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace postern {

struct OfficePackage {
  bool is_office = false;         // it is one: an OPC package
  bool has_macros = false;        // vbaProject.bin
  bool has_macro_sheet = false;   // xl/macrosheets
  bool has_dde = false;           // a field or link that starts a program
  std::string external_template;  // where its template is fetched from

  // To be told of every member, and of the content of those it wants.
  void Note(std::string_view name);
  [[nodiscard]] static std::size_t Wants(std::string_view name);
  void Read(std::string_view name, std::string_view octets);
};

}  // namespace postern
