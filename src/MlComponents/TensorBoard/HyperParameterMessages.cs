using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace MlComponents;

/// <summary>The messages of TensorBoard's hparams plugin, of which TorchSharp has no classes: <c>HParamsPluginData</c> and what is in it, by its field numbers.</summary>
internal static class HyperParameterMessages
{
    private const int ExperimentField = 2;
    private const int SessionStartField = 3;
    private const int SessionEndField = 4;

    private const int Text = 1;   // DataType: DATA_TYPE_STRING, DATA_TYPE_BOOL, DATA_TYPE_FLOAT64
    private const int Truth = 2;
    private const int Real = 3;

    private const int Success = 1;   // Status: STATUS_SUCCESS, STATUS_FAILURE
    private const int Failure = 2;

    /// <summary>Which columns the table of runs has: <c>HParamInfo</c>s of name and type, <c>MetricInfo</c>s of a run and a tag.</summary>
    public static ByteString Experiment(IEnumerable<KeyValuePair<string, object?>> values, IEnumerable<string> metrics, double time) => Data(ExperimentField, message =>
    {
        Write(message, 3, time);
        foreach (var (name, value) in values)
            Write(message, 4, info =>
            {
                Write(info, 1, name);
                Write(info, 4, TypeOf(ValueOf(value)));
            });
        foreach (var metric in metrics)
            Write(message, 5, info => Write(info, 1, name =>
            {
                var (run, tag) = Split(metric);
                Write(name, 1, run);
                Write(name, 2, tag);
            }));
    });

    /// <summary>The values of one run.</summary>
    public static ByteString SessionStart(IEnumerable<KeyValuePair<string, object?>> values, double time) => Data(SessionStartField, message =>
    {
        foreach (var (name, value) in values)
            Write(message, 1, entry =>
            {
                Write(entry, 1, name);
                entry.WriteTag(2, WireFormat.WireType.LengthDelimited);
                entry.WriteMessage(ValueOf(value));
            });
        Write(message, 5, time);
    });

    /// <summary>How one run ended.</summary>
    public static ByteString SessionEnd(bool succeeded, double time) => Data(SessionEndField, message =>
    {
        Write(message, 1, succeeded ? Success : Failure);
        Write(message, 2, time);
    });

    /// <summary>A message of one whole number, as that of the pr_curves plugin is.</summary>
    public static ByteString Number(int field, int number) => Message(message => Write(message, field, number));

    /// <summary>The run and the tag of a metric: <c>validation/loss</c> is the tag <c>loss</c> of the run <c>validation</c>, a name without a slash one of the run itself.</summary>
    public static (string Run, string Tag) Split(string metric) => metric.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash
        ? (metric[..slash], metric[(slash + 1)..])
        : ("", metric);

    private static Value ValueOf(object? value) => value switch
    {
        bool truth => Value.ForBool(truth),
        byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal
            when Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && double.IsFinite(number) => Value.ForNumber(number),
        _ => Value.ForString(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };

    private static int TypeOf(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.BoolValue => Truth,
        Value.KindOneofCase.NumberValue => Real,
        _ => Text,
    };

    private static ByteString Data(int field, Action<CodedOutputStream> write) => Message(data => Write(data, field, write));   // field 1 is the version, 0

    private static ByteString Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var message = new CodedOutputStream(bytes, leaveOpen: true))
            write(message);
        return ByteString.CopyFrom(bytes.ToArray());
    }

    private static void Write(CodedOutputStream message, int field, Action<CodedOutputStream> write)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteBytes(Message(write));
    }

    private static void Write(CodedOutputStream message, int field, string text)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteString(text);
    }

    private static void Write(CodedOutputStream message, int field, int number)
    {
        message.WriteTag(field, WireFormat.WireType.Varint);
        message.WriteInt32(number);
    }

    private static void Write(CodedOutputStream message, int field, double number)
    {
        message.WriteTag(field, WireFormat.WireType.Fixed64);
        message.WriteDouble(number);
    }
}
