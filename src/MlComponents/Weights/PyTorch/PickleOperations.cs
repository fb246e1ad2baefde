namespace MlComponents;

/// <summary>Names of the operations that pickles have and weights don't need, for messages.</summary>
internal static class PickleOperations
{
    private static readonly Dictionary<char, string> Names = new()
    {
        ['i'] = "INST", ['o'] = "OBJ", ['\x81'] = "NEWOBJ", ['\x92'] = "NEWOBJ_EX", ['\x82'] = "EXT1", ['\x83'] = "EXT2", ['\x84'] = "EXT4", ['P'] = "PERSID",
        ['0'] = "POP", ['1'] = "POP_MARK", ['2'] = "DUP", ['I'] = "INT", ['L'] = "LONG", ['F'] = "FLOAT", ['S'] = "STRING", ['V'] = "UNICODE", ['B'] = "BINBYTES",
        ['C'] = "SHORT_BINBYTES", ['\x8e'] = "BINBYTES8", ['\x8b'] = "LONG4", ['d'] = "DICT", ['l'] = "LIST", ['g'] = "GET", ['p'] = "PUT",
        ['\x8f'] = "EMPTY_SET", ['\x90'] = "ADDITEMS", ['\x91'] = "FROZENSET", ['\x96'] = "BYTEARRAY8", ['\x97'] = "NEXT_BUFFER", ['\x98'] = "READONLY_BUFFER",
    };

    /// <summary>Number and name of an operation.</summary>
    public static string Describe(byte code) => $"0x{code:x2}{(Names.TryGetValue((char)code, out var name) ? $" ({name})" : "")}";
}
