// The types that options have: how each is read from TOML and printed as TOML.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "policy/config/options.h"
#include "policy/config/toml.h"

namespace postern {

enum class Shape { kTruth, kInteger, kReal, kText };
enum class Plurality { kOne, kList };

// One value on its way from the file into its slot.
struct Arrival {
  const TomlNode& node;  // has the shape that the type asks for
  const Option& option;
  const std::filesystem::path&
      folder;  // of the file: relative paths start here
  Slot slot;

  [[nodiscard]] const std::string& text() const {
    return std::get<std::string>(node.value);
  }
};

struct ValueType {
  std::string_view name;  // "rate": for "not a rate"
  std::string_view hint;  // how to write it
  Shape shape = Shape::kText;
  Plurality plurality = Plurality::kOne;
  // Stores the value, appends it to a list; false: it is not of this type.
  bool (*take)(const Arrival&) = nullptr;
  // The slot's value or values as TOML; none where nothing is set.
  std::vector<std::string> (*print)(Slot) = nullptr;
};

// Reads the value of an option; the faults do not name file and path yet.
[[nodiscard]] Faults ReadValue(const TomlNode& node, const Option& option,
                               Slot slot, const std::filesystem::path& folder);
// As TOML: "\"30s\"", "[\"a\", \"b\"]"; empty where nothing is set.
[[nodiscard]] std::string PrintValue(const Option& option, Slot slot);
// "from 1 to 100", "from 1s to 5min"; empty: unlimited.
[[nodiscard]] std::string LimitsOf(const Option& option);

extern const ValueType kBool, kInteger, kShare, kSize, kDuration;
extern const ValueType kText, kHostName, kSocket, kHostAndPort, kPath;
extern const ValueType kLogLevel, kLogTarget, kSelector, kPlainName, kFieldName;
extern const ValueType kMode, kAction, kUnknownAction, kOtherwise, kOctalMode;
extern const ValueType kDomain, kDomains, kAddresses, kDnsServers, kNames;
extern const ValueType kMxSuffixes, kLimitKey, kLimitCost, kLimitOver, kRates;
extern const ValueType kDmarcMethod, kSenderRewrite, kAuthservIds;
extern const ValueType kUnlistedSenders, kSenderPatterns, kMailbox, kSeparator;
extern const ValueType kExtensionFieldName, kExpendableFields, kListKind,
    kReturnCodes;
extern const ValueType kDataSet, kKeyStage, kSignedHeaders;
extern const ValueType kUnsignedMail, kUnsignedMailHere;
extern const ValueType kKnowledge, kNetworks, kLoginPatterns, kFieldPatterns;
extern const ValueType kUnsubscribeUrl, kUnsubscribeMailto, kListIdTemplate;
extern const ValueType kFieldTemplate, kAutoSubmitted, kPrecedence;
extern const ValueType kFilterSocket, kLimitStoreDown, kLimitOverrides;
extern const ValueType kAddressPatterns, kWarmUpSteps, kRampAction;

}  // namespace postern
