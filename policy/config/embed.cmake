# Writes a source file that holds the texts of other files.
#   cmake -DROOT=conf -DOUTPUT=built_in.cc -DFILES=a,b -P embed.cmake
# FILES are relative to ROOT and separated by commas.
string(REPLACE "," ";" names "${FILES}")
set(source "#include \"policy/config/files.h\"\n\nnamespace postern {\n")
string(APPEND source "namespace {\n\nconstexpr BuiltInFile kFiles[] = {\n")
foreach(name IN LISTS names)
  file(READ "${ROOT}/${name}" text)
  string(APPEND source "{\"${name}\",\n R\"~embedded~(${text})~embedded~\"},\n")
endforeach()
string(APPEND source "};\n\n}  // namespace\n\n")
string(APPEND source
  "std::span<const BuiltInFile> BuiltInFiles() { return kFiles; }\n\n"
  "}  // namespace postern\n")
file(WRITE "${OUTPUT}" "${source}")
