using System.Globalization;

namespace MlComponents;

/// <summary>Reads the text of an <see cref="Indexing"/>: parts with commas between them, as <see cref="IndexItem"/> describes them.</summary>
internal sealed class IndexParser
{
    private const int DeepestList = 64;   // a tensor has no more dimensions, and what is read by recursion needs an end
    private const string InputInSlice = "an input in a slice, whose bounds are numbers because the rows of a column have one size";

    private readonly string text;
    private int at;

    private IndexParser(string text) => this.text = text;

    /// <summary>Reads a text.</summary>
    /// <exception cref="ArgumentException">It isn't an index; the message says at which character it goes wrong, and what would be right.</exception>
    public static IReadOnlyList<IndexItem> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new IndexParser(text).Items();
    }

    private List<IndexItem> Items()
    {
        List<IndexItem> items = [];
        do
        {
            if (items.Count > 0 && IsEnd())
                break;   // a comma may end the text, as in Python
            var start = at;
            var item = Item();
            if (item is IndexItem.Ellipsis && items.Contains(item))
                throw Error(start, "a second '...', of which there is one at most");
            items.Add(item);
        }
        while (Accept(','));

        return IsEnd() ? items : throw Unexpected("a comma or the end");
    }

    private IndexItem Item()
    {
        var next = Peek();
        if (Accept("..."))
            return new IndexItem.Ellipsis();
        if (next is '-' or '+' or ':' || char.IsAsciiDigit(next))
            return PlaceOrSlice();
        if (next == '[')
            return List();
        if (next == '{')
            return Column();
        if (char.IsAsciiLetter(next))
        {
            var start = at;
            var word = Word();
            return word == "None" ? new IndexItem.NewDimension() : throw Error(start, $"the word '{word}', where None or a list like [true, false] may stand");
        }
        throw Unexpected("a number, a slice like 0:3, a list like [2, 0], an input like {1}, None or '...'");
    }

    private IndexItem PlaceOrSlice()
    {
        var start = Peek() == ':' ? (long?)null : Number();
        if (!Accept(':'))
            return new IndexItem.Place(start!.Value);

        var stop = IsNumber() ? Number() : (long?)null;
        var (step, place) = (1L, at);
        if (Accept(':') && IsNumber())
        {
            place = at;
            step = Number();
        }
        if (step < 1)
            throw Error(place, $"the step {step}, but a step is at least 1, as in PyTorch");
        return Peek() == '{' ? throw Error(at, InputInSlice) : new IndexItem.Slice(start, stop, step);
    }

    private IndexItem.Column Column()
    {
        var start = at;
        Accept('{');
        var input = IsNumber() ? Number() : throw Unexpected("the number of an input");
        if (!Accept('}'))
            throw Unexpected("'}'");
        if (input is < 1 or >= int.MaxValue)
            throw Error(start, $"the input {{{input}}}, but those that index are {{1}}, {{2}} and so on, and {{0}} is what is indexed");
        return Peek() == ':' ? throw Error(start, InputInSlice) : new((int)input);
    }

    private IndexItem List()
    {
        var start = at;
        List<long> numbers = [];
        List<bool> truths = [];
        var shape = Elements(numbers, truths, depth: 1);
        if (numbers.Count > 0 && truths.Count > 0)
            throw Error(start, "a list of both numbers and truth values");
        if (truths.Count == 0)
            return new IndexItem.Places([.. numbers], shape);
        return truths.Contains(true) ? new IndexItem.Mask([.. truths], shape) : throw Error(start, "a list of false alone, which would select nothing");
    }

    /// <summary>Reads a list into the flat lists of its elements, and returns its shape.</summary>
    private long[] Elements(List<long> numbers, List<bool> truths, int depth)
    {
        var start = at;
        if (depth > DeepestList)
            throw Error(start, $"a list inside {DeepestList} others, but a tensor has no more dimensions");
        Accept('[');
        long[]? inner = null;
        long count = 0;
        do
        {
            var shape = Element(numbers, truths, depth);
            if (!shape.SequenceEqual(inner ??= shape))
                throw Error(start, "a list whose elements have different lengths");
            count++;
        }
        while (Accept(','));

        return Accept(']') ? [count, .. inner] : throw Unexpected("a comma or ']'");
    }

    private long[] Element(List<long> numbers, List<bool> truths, int depth)
    {
        if (Peek() == '[')
            return Elements(numbers, truths, depth + 1);
        if (IsNumber())
            numbers.Add(Number());
        else if (char.IsAsciiLetter(Peek()))
        {
            var start = at;
            truths.Add(Word() switch
            {
                "true" or "True" => true,
                "false" or "False" => false,
                var word => throw Error(start, $"the word '{word}', where a number, true, false or a list may stand"),
            });
        }
        else
            throw Unexpected("a number, true, false or a list");
        return [];
    }

    private bool IsEnd() => Peek() == '\0' && at == text.Length;

    private bool IsNumber() => Peek() is '-' or '+' || char.IsAsciiDigit(Peek());

    private long Number()
    {
        var start = at;
        at += text[at] is '-' or '+' ? 1 : 0;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return long.TryParse(text.AsSpan(start, at - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Error(start, $"'{text[start..at]}', which is no whole number of 64 bits");
    }

    private string Word()
    {
        var start = at;
        while (at < text.Length && char.IsAsciiLetterOrDigit(text[at]))
            at++;
        return text[start..at];
    }

    /// <summary>The next character that isn't a space, which becomes the current one; <c>\0</c> at the end.</summary>
    private char Peek()
    {
        while (at < text.Length && text[at] == ' ')
            at++;
        return at < text.Length ? text[at] : '\0';
    }

    private bool Accept(char expected)
    {
        if (Peek() != expected)
            return false;
        at++;
        return true;
    }

    private bool Accept(string expected)
    {
        Peek();
        if (!text.AsSpan(at).StartsWith(expected))
            return false;
        at += expected.Length;
        return true;
    }

    private ArgumentException Unexpected(string allowed) => IsEnd()
        ? new($"The index '{text}' ends where {allowed} should stand.")
        : Error(at, $"'{text[at]}', where {allowed} should stand");

    private ArgumentException Error(int position, string problem) => new($"The index '{text}' has at character {position + 1} {problem}.");
}
