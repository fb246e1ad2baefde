using System.Reflection;
using System.Text.Json;

namespace MlComponents.Tests.Components;

/// <summary>Every registered component goes through JSON and comes back the same, whatever its properties are.</summary>
[TestClass]
public sealed class RoundTripTests
{
    private static readonly MethodInfo ReadMethod = typeof(ComponentJson).GetMethod(nameof(ComponentJson.Read))!;

    public static IEnumerable<object[]> Types => Definitions.Registered.Select(type => new object[] { type });

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void Read_OfWrittenDefaults_GivesTheDefaults(Type type)
    {
        var definition = Definitions.Create(type);

        Definitions.AreSame(definition, Read(ComponentJson.Write(definition), type), type.Name);
        Definitions.AreSame(definition, Read(JsonSerializer.Serialize(ComponentRegistry.Default.NameOf(definition)), type), type.Name);
    }

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void Read_OfOtherValuesInEveryProperty_KeepsThemAll(Type type)
    {
        var (definition, defaults) = (Definitions.Create(type), Definitions.Create(type));
        foreach (var property in Definitions.Properties(type))
            property.SetValue(definition, Definitions.Other(property, property.GetValue(definition)));

        // Values that don't fit together are read as well as others: what is checked comes after.
        var again = ComponentJson.FromNode(ComponentJson.ToNode(definition, ComponentRegistry.Default), type, ComponentRegistry.Default);

        Definitions.AreSame(definition, again, type.Name);
        foreach (var property in Definitions.Properties(type))
            Assert.Throws<AssertFailedException>(
                () => Definitions.AreSame(property.GetValue(defaults), property.GetValue(again), property.Name), $"{property.Name} was to differ from its default");
    }

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void Write_OfWhatWasRead_IsTheSameText(Type type)
    {
        var text = ComponentJson.Write(Definitions.Create(type));

        Assert.AreEqual(text, ComponentJson.Write(Read(text, type)));
        Assert.StartsWith("{\"name\":\"", text);
    }

    private static ComponentDefinition Read(string json, Type type)
    {
        var kind = type;
        while (kind.BaseType != typeof(ComponentDefinition))
            kind = kind.BaseType!;
        return (ComponentDefinition)ReadMethod.MakeGenericMethod(kind).Invoke(null, [json, null])!;
    }
}
