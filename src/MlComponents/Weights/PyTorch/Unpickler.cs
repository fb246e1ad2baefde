namespace MlComponents;

/// <summary>
/// Reads Python's pickles as far as weights need them: plain values, containers, and the few functions of <see cref="PickleGlobals"/>. A pickle is a
/// program for a stack machine; this one has no operation that looks anything up or runs anything, and all others are refused by their number.
/// </summary>
/// <remarks>Protocols 2 to 5 (Python's pickletools documents the operations). Tuples become object?[], lists List, whole numbers long.</remarks>
internal sealed class Unpickler
{
    private const int MaxStack = 1 << 20;
    private const int MaxMarks = 1000;
    private const int Spare = 1000;   // what a pickle may have, however short it is
    private const int TensorCost = 4;   // a tensor takes as much memory as several other values, and PyTorch takes nearly 50 bytes at least to write one

    private readonly PickleReader reader;
    private readonly Func<object?[], PickleStorageView> findStorage;
    private readonly List<object?> stack = [];
    private readonly List<int> marks = [];
    private readonly List<object?> memo = [];
    private readonly long length;
    private long made;

    private Unpickler(PickleReader reader, Func<object?[], PickleStorageView> findStorage)
    {
        this.reader = reader;
        this.findStorage = findStorage;
        length = reader.Left;
    }

    /// <summary>Reads the pickle that begins at a stream's position, and leaves the position behind it.</summary>
    /// <param name="stream">A stream that can seek.</param>
    /// <param name="findStorage">Gives the storage of a persistent id; null where a pickle may have none.</param>
    /// <exception cref="InvalidDataException">It is cut off or damaged, or holds what isn't allowed.</exception>
    public static object? Read(Stream stream, Func<object?[], PickleStorageView>? findStorage = null) =>
        new Unpickler(new PickleReader(stream), findStorage ?? (_ => throw new InvalidDataException("The pickle has a storage where none belongs."))).Run();

    private object? Run()
    {
        for (var code = reader.Byte(); code != (byte)'.'; code = reader.Byte())
            if (!Value(code) && !Container(code) && !Memory(code))
                throw new InvalidDataException($"The pickle has the operation {PickleOperations.Describe(code)}, which weights don't need and which isn't read.");

        var result = Pop();
        return stack.Count == 0 && marks.Count == 0 ? result : throw new InvalidDataException("The pickle ends with values left over: it is damaged.");
    }

    /// <summary>Plain values, and what pickles name.</summary>
    private bool Value(byte code)
    {
        switch ((char)code)
        {
            case '\x80' when reader.Byte() is var protocol and not (>= 2 and <= 5):
                throw new InvalidDataException($"The pickle has protocol {protocol}; 2 to 5 can be read.");
            case '\x80':
                return true;
            case '\x95':   // frame
                if (reader.Int64() is var length && (length < 0 || length > reader.Left))
                    throw new InvalidDataException($"The pickle announces {length} bytes, but {reader.Left} follow: it is cut off or damaged.");
                return true;
            case 'N':
                return Push(null);
            case '\x88':
                return Push(true);
            case '\x89':
                return Push(false);
            case 'K':
                return Push((long)reader.Byte());
            case 'M':
                return Push((long)reader.UInt16());
            case 'J':
                return Push((long)reader.Int32());
            case '\x8a':
                return Push(reader.Integer(reader.Byte()));
            case 'G':
                return Push(reader.Double());
            case 'U' or '\x8c':   // bytes of Python 2 or a text, up to 255 bytes
                return Push(reader.Text(reader.Byte()));
            case 'T' or 'X':
                return Push(reader.Text(reader.UInt32()));
            case '\x8d':
                return Push(reader.Text(reader.Int64()));
            case 'c':
                return Push(PickleGlobals.Find(reader.Line(), reader.Line()));
            case '\x93':
                var name = Pop<string>();
                return Push(PickleGlobals.Find(Pop<string>(), name));
            default:
                return false;
        }
    }

    /// <summary>Containers, calls and storages.</summary>
    private bool Container(byte code)
    {
        switch ((char)code)
        {
            case ')':
                return Push(Array.Empty<object?>());
            case '\x85':
                return Push(Spend<object?[]>([Pop()]));
            case '\x86':
                var second = Pop();
                return Push(Spend<object?[]>([Pop(), second]));
            case '\x87':
                var (c, b) = (Pop(), Pop());
                return Push(Spend<object?[]>([Pop(), b, c]));
            case 't':
                return Push(Spend(PopToMark()));
            case ']':
                return Push(Spend(new List<object?>()));
            case '}':
                return Push(Spend(new PickleDictionary(isOrdered: false)));
            case 'a':
                var item = Pop();
                Top<List<object?>>().Add(item);
                return true;
            case 'e':
                var items = PopToMark();
                Top<List<object?>>().AddRange(items);
                return true;
            case 's':
                var value = Pop();
                var key = Pop();
                Top<PickleDictionary>().Add(key, value);
                return true;
            case 'u':
                AddAll(PopToMark());
                return true;
            case 'R':
                var arguments = Pop<object?[]>();
                if (arguments is [List<object?> pairs])
                    Spend(pairs, pairs.Count);   // becomes a dictionary of as many
                var result = Pop<PickleFunction>().Call(arguments);
                return Push(Spend(result, result is PickleTensor tensor && !arguments.Contains(tensor) ? TensorCost + tensor.Shape.Length / 2 : 1));
            case 'b':   // attributes: an OrderedDict's, such as _metadata, are of no use here
                if (Pop() is not (null or PickleDictionary) || Top<PickleDictionary>() is { IsOrdered: false })
                    throw new InvalidDataException("The pickle sets attributes of something that has none: it is damaged, or no file of weights.");
                return true;
            case 'Q':
                return Push(Spend(findStorage(Pop<object?[]>())));
            default:
                return false;
        }
    }

    /// <summary>The stack's marks and what was noted to be used again.</summary>
    private bool Memory(byte code)
    {
        switch ((char)code)
        {
            case '(':
                if (marks.Count == MaxMarks)
                    throw new InvalidDataException($"The pickle nests values more than {MaxMarks} deep.");
                marks.Add(stack.Count);
                return true;
            case 'q':
                Note(reader.Byte(), Top<object>());
                return true;
            case 'r':
                Note(reader.UInt32(), Top<object>());
                return true;
            case '\x94':
                Note(memo.Count, Top<object>());
                return true;
            case 'h':
                return Push(Noted(reader.Byte()));
            case 'j':
                return Push(Noted(reader.UInt32()));
            default:
                return false;
        }
    }

    private void AddAll(object?[] items)
    {
        if (items.Length % 2 != 0)
            throw new InvalidDataException("The pickle fills a dictionary with a key that has no value: it is damaged.");
        var dictionary = Top<PickleDictionary>();
        for (var i = 0; i < items.Length; i += 2)
            dictionary.Add(items[i], items[i + 1]);
    }

    private bool Push(object? value)
    {
        if (stack.Count == MaxStack)
            throw new InvalidDataException($"The pickle piles up more than {MaxStack} values.");
        stack.Add(value);
        return true;
    }

    /// <summary>Counts what takes far more memory than the byte that asks for it: of such things there are always far fewer than bytes.</summary>
    private T Spend<T>(T value, int count = 1) =>
        (made += count) <= Spare + length / 4 ? value : throw new InvalidDataException("The pickle makes far more values than its length gives reason for.");

    private void Note(long index, object value)
    {
        if (index > Spare + length)
            throw new InvalidDataException($"The pickle notes value {index}, far more than its length gives reason for.");
        while (memo.Count <= index)
            memo.Add(null);
        memo[(int)index] = value;
    }

    private object? Pop()
    {
        if (stack.Count == 0 || marks.Count > 0 && stack.Count == marks[^1])
            throw new InvalidDataException("The pickle takes a value where there is none: it is damaged.");
        var value = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private T Pop<T>() => Pop() is var value && value is T wanted ? wanted : throw Unfit(value);

    /// <summary>The uppermost value, which stays.</summary>
    private T Top<T>() => stack.Count > 0 && (marks.Count == 0 || stack.Count > marks[^1]) && stack[^1] is T wanted ? wanted : throw Unfit(stack.LastOrDefault());

    private object?[] PopToMark()
    {
        if (marks.Count == 0)
            throw new InvalidDataException("The pickle gathers values from a mark that isn't there: it is damaged.");
        var begin = marks[^1];
        marks.RemoveAt(marks.Count - 1);
        var items = stack.GetRange(begin, stack.Count - begin).ToArray();
        stack.RemoveRange(begin, items.Length);
        return items;
    }

    private object Noted(uint index) =>
        index < memo.Count && memo[(int)index] is { } value ? value : throw new InvalidDataException($"The pickle uses value {index}, which it never noted: it is damaged.");

    private static InvalidDataException Unfit(object? value) =>
        new($"The pickle uses {PickleGlobals.Kind(value)} where it can't be used: it is damaged, or no file of weights.");
}
